package dev.gatehouse.gateway.connect;

import dev.gatehouse.contract.net.AddressRange;
import dev.gatehouse.gateway.client.AddressSet;
import dev.gatehouse.gateway.client.IpBits;
import dev.gatehouse.gateway.codec.Doorkeeper;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.util.AttributeKey;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets connections in, and counts them: those of each source, the handshakes under way, and the
 * floods that sources were sent away for. Closes what is too much before a byte of it is read. One
 * for all listeners of a gateway. Any thread; never blocks it.
 */
public final class ConnectionGate implements Doorkeeper {
  /** Sources whose floods are remembered at once; others are let be. */
  private static final int MOST_FLOODING = 10_000;

  private static final AttributeKey<Boolean> FLOODED =
      AttributeKey.valueOf(ConnectionGate.class, "flooded");

  private static final Logger LOG = LoggerFactory.getLogger(ConnectionGate.class);

  private final ConnectionsConfig config;
  private final Duration headTimeout;
  private final AddressSet exempt;
  private final LongSupplier nanos;
  private final Map<SourceAddress, Integer> open = new ConcurrentHashMap<>();
  private final Map<SourceAddress, Floods> flooding = new ConcurrentHashMap<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final Handshakes handshakes;
  private final Counter tooMany;
  private final Counter noHandshake;
  private final Counter shutOut;
  private final Counter slowHandshakes;
  private final Counter slowHeads;
  private final Counter floods;

  /**
   * @param headTimeout how long the head of a request may take
   * @param proxies that many clients come through
   * @param nanos a clock that only goes forward, as {@link System#nanoTime()}
   * @param metrics gets {@code gatehouse.connections} and more of that name
   */
  public ConnectionGate(
      ConnectionsConfig config,
      Duration headTimeout,
      List<AddressRange> proxies,
      LongSupplier nanos,
      MeterRegistry metrics) {
    this.config = config;
    this.headTimeout = headTimeout;
    this.exempt = AddressSet.of(Stream.concat(config.exempt().stream(), proxies.stream()).toList());
    this.nanos = nanos;
    this.handshakes = new Handshakes(config.handshakes());
    Gauge.builder("gatehouse.connections", connections, AtomicInteger::get)
        .description("Clients' connections that are open")
        .register(metrics);
    Gauge.builder("gatehouse.connections.handshakes", handshakes, Handshakes::size)
        .description("Handshakes of TLS that are under way")
        .register(metrics);
    this.tooMany = refused(metrics, "per-address");
    this.noHandshake = refused(metrics, "handshakes");
    this.shutOut = refused(metrics, "shut-out");
    this.slowHandshakes = ended(metrics, "slow-handshake");
    this.slowHeads = ended(metrics, "slow-head");
    this.floods = ended(metrics, "flood");
  }

  private static Counter refused(MeterRegistry metrics, String reason) {
    return Counter.builder("gatehouse.connections.refused")
        .description("Clients' connections that were closed when they were opened")
        .tag("reason", reason)
        .register(metrics);
  }

  private static Counter ended(MeterRegistry metrics, String reason) {
    return Counter.builder("gatehouse.connections.ended")
        .description("Clients' connections that were ended for what was, or was not, sent")
        .tag("reason", reason)
        .register(metrics);
  }

  @Override
  public boolean letsIn(Channel client, boolean secure) {
    SourceAddress source = sourceOf(client).orElse(null);
    if (source != null && isShutOut(source)) {
      shutOut.increment();
      return false;
    }
    if (source != null && open.merge(source, 1, Integer::sum) > config.perAddress()) {
      leave(source);
      tooMany.increment();
      return false;
    }
    if (secure && !beginHandshake(client)) {
      if (source != null) {
        leave(source);
      }
      return false;
    }
    connections.incrementAndGet();
    client
        .closeFuture()
        .addListener(_ -> {
          connections.decrementAndGet();
          handshakes.end(client);
          if (source != null) {
            leave(source);
          }
        });
    return true;
  }

  private void leave(SourceAddress source) {
    open.computeIfPresent(source, (_, count) -> count == 1 ? null : count - 1);
  }

  @SuppressWarnings({"FutureReturnValueIgnored", "ReferenceEquality"})
  private boolean beginHandshake(Channel client) {
    Channel inTheWay = handshakes.begin(client, nanos.getAsLong());
    if (inTheWay == client) {
      noHandshake.increment();
      return false;
    }
    if (inTheWay != null) {
      slowHandshakes.increment();
      inTheWay.close();
    }
    return true;
  }

  /** A connection may carry requests now. */
  public void opened(Channel client) {
    handshakes.end(client);
  }

  @Override
  public Duration headTimeout() {
    return headTimeout;
  }

  @Override
  public void headTookTooLong() {
    slowHeads.increment();
  }

  @Override
  public int http2ControlFrames() {
    return config.http2ControlFrames();
  }

  /** A connection of HTTP/2 has failed; what that says of its source is remembered. */
  public void failed(Channel client, Throwable why) {
    if (why instanceof Http2Exception failure && failure.error() == Http2Error.ENHANCE_YOUR_CALM) {
      flooded(client);
    }
  }

  @Override
  public void flooded(Channel client) {
    if (client.attr(FLOODED).setIfAbsent(true) == null) {
      floods.increment();
      sourceOf(client).ifPresent(this::flooded);
    }
  }

  private void flooded(SourceAddress source) {
    long now = nanos.getAsLong();
    if (flooding.size() >= MOST_FLOODING && !flooding.containsKey(source)) {
      return;
    }
    Floods known =
        flooding.compute(
            source,
            (_, before) ->
                before == null || before.isOver(now)
                    ? new Floods(1, now + config.shutOutFor().toNanos())
                    : before.oneMore(now + config.shutOutFor().toNanos(), config.floods()));
    if (known.number() == config.floods()) {
      LOG.warn("{} floods HTTP/2: shut out for {}", source, config.shutOutFor());
    }
  }

  private boolean isShutOut(SourceAddress source) {
    Floods known = flooding.isEmpty() ? null : flooding.get(source);
    return known != null && known.number() >= config.floods() && !known.isOver(nanos.getAsLong());
  }

  /** Frees the room of what does not matter any more. Call it from time to time. */
  public void sweep() {
    long now = nanos.getAsLong();
    flooding.values().removeIf(known -> known.isOver(now));
  }

  /** Whom a connection counts for; empty if for nobody. */
  private Optional<SourceAddress> sourceOf(Channel client) {
    return client.remoteAddress() instanceof InetSocketAddress peer && peer.getAddress() != null
        ? Optional.of(IpBits.of(peer.getAddress()))
            .filter(address -> !exempt.contains(address))
            .map(SourceAddress::of)
        : Optional.empty();
  }

  /**
   * Of one source.
   *
   * @param overNanos when they do not matter any more
   */
  private record Floods(int number, long overNanos) {
    boolean isOver(long nowNanos) {
      return nowNanos - overNanos >= 0;
    }

    /**
     * The last one that counts begins the time anew; those after it, of old connections, do not.
     */
    Floods oneMore(long untilNanos, int most) {
      return new Floods(number + 1, number + 1 == most ? untilNanos : overNanos);
    }
  }
}
