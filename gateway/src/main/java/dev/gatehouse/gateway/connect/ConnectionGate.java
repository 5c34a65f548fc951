package dev.gatehouse.gateway.connect;

import dev.gatehouse.contract.net.AddressRange;
import dev.gatehouse.gateway.bounds.Bound;
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
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
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
  @Bound(
      of = "sources whose floods are remembered",
      unit = "sources",
      atIt = "one more source is let be",
      metric = "gatehouse_connections_ended_total{reason=\"flood\"}")
  private static final int MOST_FLOODING = 10_000;

  @Bound(
      of = "connections of sources that are shut out which are held, unread, for two seconds",
      unit = "connections",
      atIt = "one more is closed at once",
      metric = "gatehouse_connections_held")
  private static final int MOST_HELD = 256;

  private static final long HELD_FOR_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** With which the codec's failures are answered. */
  private static final List<Integer> INVALID = List.of(400, 408, 414, 431, 505);

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
  private final AtomicInteger held = new AtomicInteger();
  private final Handshakes handshakes;
  private final Counter tooMany;
  private final Counter noHandshake;
  private final Counter shutOut;
  private final Counter slowHandshakes;
  private final Counter slowHeads;
  private final Counter floods;
  private final Map<Integer, Counter> invalid = new HashMap<>();

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
    Gauge.builder("gatehouse.connections.held", held, AtomicInteger::get)
        .description("Connections of sources that are shut out, which nobody reads")
        .register(metrics);
    this.tooMany = refused(metrics, "per-address");
    this.noHandshake = refused(metrics, "handshakes");
    this.shutOut = refused(metrics, "shut-out");
    this.slowHandshakes = ended(metrics, "slow-handshake");
    this.slowHeads = ended(metrics, "slow-head");
    this.floods = ended(metrics, "flood");
    for (int status : INVALID) {
      invalid.put(
          status,
          Counter.builder("gatehouse.requests.invalid")
              .description("What could not be read as a request, by the status that it got")
              .tag("status", Integer.toString(status))
              .register(metrics));
    }
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

  /**
   * One of a source that is shut out would come back at once if it were closed at once: some of
   * these are held for a while, unread, which costs nothing.
   */
  @Override
  public void turnAway(Channel client, EventExecutor loop) {
    long holdNanos = sourceOf(client).map(this::leftOfShutOut).orElse(0L);
    if (holdNanos <= 0 || held.get() >= MOST_HELD) {
      client.unsafe().closeForcibly();
      return;
    }
    held.incrementAndGet();
    Future<?> _ =
        loop.schedule(
            () -> {
              held.decrementAndGet();
              client.unsafe().closeForcibly();
            },
            Math.min(holdNanos, HELD_FOR_NANOS),
            TimeUnit.NANOSECONDS);
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
  public void invalid(int status) {
    Counter counter = invalid.get(status);
    if (counter != null) {
      counter.increment();
    }
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
    return leftOfShutOut(source) > 0;
  }

  /** For how long it is still shut out, in nanoseconds; 0 if it is not. */
  private long leftOfShutOut(SourceAddress source) {
    Floods known = flooding.isEmpty() ? null : flooding.get(source);
    return known == null || known.number() < config.floods()
        ? 0
        : Math.max(0, known.overNanos() - nanos.getAsLong());
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
