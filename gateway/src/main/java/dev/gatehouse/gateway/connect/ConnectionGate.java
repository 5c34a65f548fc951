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
import io.netty.channel.ChannelOption;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Lets connections in, and counts them: those of each source, the handshakes under way, and the
 * floods that sources were sent away for. Closes what is too much before a byte of it is read. One
 * for all listeners of a gateway. Any thread; never blocks it.
 */
public final class ConnectionGate implements Doorkeeper {
  @Bound(
      of = "connections of sources that are shut out which are held, unread, for two seconds",
      unit = "connections",
      atIt = "one more is closed at once",
      metric = "gatehouse_connections_held")
  private static final int MOST_HELD = 256;

  /**
   * Connections of a source that is shut out, from which on the kernel drops what it sends: who
   * comes so often does not wait for an answer.
   */
  @Bound(
      of = "connections that a source opens while it is shut out",
      unit = "connections",
      atIt = "the kernel drops more of them until the source is let in again (Linux)",
      metric = "gatehouse_connections_dropped_sources")
  private static final int MOST_BACK = 20;

  private static final long HELD_FOR_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** With which the codec's failures are answered. */
  private static final List<Integer> INVALID = List.of(400, 408, 414, 431, 505);

  private static final AttributeKey<Boolean> FLOODED =
      AttributeKey.valueOf(ConnectionGate.class, "flooded");

  private final ConnectionsConfig config;
  private final Duration headTimeout;
  private final AddressSet exempt;
  private final LongSupplier nanos;
  private final Sources sources;
  private final ShutOuts shutOuts;
  private final KernelFilter kernel = new KernelFilter();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger held = new AtomicInteger();
  private final Handshakes handshakes;
  private final Counter tooMany;
  private final Counter tooFast;
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
    this.sources = new Sources(config.perAddress(), config.perAddressPerSecond());
    this.shutOuts = new ShutOuts(config.floods(), config.shutOutFor());
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
    Gauge.builder("gatehouse.connections.dropped.sources", kernel, KernelFilter::size)
        .description("Sources that are shut out whose connections the kernel drops")
        .register(metrics);
    this.tooMany = refused(metrics, "per-address");
    this.tooFast = refused(metrics, "rate");
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
  public void listens(Channel listener) {
    kernel.add(listener);
  }

  @Override
  public boolean letsIn(Channel client, boolean secure) {
    SourceAddress source = sourceOf(client).orElse(null);
    if (source != null && !mayCome(source)) {
      return false;
    }
    if (secure && !beginHandshake(client)) {
      if (source != null) {
        sources.leave(source, nanos.getAsLong());
      }
      return false;
    }
    kernel.free(client);
    connections.incrementAndGet();
    client
        .closeFuture()
        .addListener(_ -> {
          connections.decrementAndGet();
          handshakes.end(client);
          if (source != null) {
            sources.leave(source, nanos.getAsLong());
          }
        });
    return true;
  }

  /** Many have been accepted by then of a source that opens them without waiting. */
  @Override
  public boolean mayBegin(Channel client) {
    long now = nanos.getAsLong();
    boolean begins =
        shutOuts.isEmpty()
            || sourceOf(client).map(source -> shutOuts.leftNanos(source, now) <= 0).orElse(true);
    if (!begins) {
      shutOut.increment();
    }
    return begins;
  }

  private boolean mayCome(SourceAddress source) {
    long now = nanos.getAsLong();
    if (shutOuts.leftNanos(source, now) > 0) {
      shutOut.increment();
      return false;
    }
    switch (sources.arrive(source, now)) {
      case LET_IN -> {
        return true;
      }
      case TOO_MANY -> tooMany.increment();
      case TOO_FAST -> tooFast.increment();
      case MUCH_TOO_FAST -> {
        tooFast.increment();
        shutOuts.rushed(source, now);
      }
    }
    return false;
  }

  /**
   * One of a source that is shut out would come back at once if it were closed at once: some of
   * these are held for a while, unread, which costs nothing. Of who comes back all the same the
   * kernel drops everything.
   */
  @Override
  public void turnAway(Channel client, EventExecutor loop) {
    SourceAddress source = sourceOf(client).orElse(null);
    long leftNanos = source == null ? 0 : shutOuts.leftNanos(source, nanos.getAsLong());
    if (source != null
        && leftNanos > 0
        && shutOuts.cameBack(source) >= MOST_BACK
        && kernel.drop(source)) {
      Future<?> _ = loop.schedule(() -> kernel.letIn(source), leftNanos, TimeUnit.NANOSECONDS);
    }
    if (leftNanos <= 0 || held.get() >= MOST_HELD) {
      close(client);
      return;
    }
    held.incrementAndGet();
    Future<?> _ =
        loop.schedule(
            () -> {
              held.decrementAndGet();
              close(client);
            },
            Math.min(leftNanos, HELD_FOR_NANOS),
            TimeUnit.NANOSECONDS);
  }

  /** With a reset, after which neither side has to remember anything. */
  private static void close(Channel client) {
    client.config().setOption(ChannelOption.SO_LINGER, 0);
    client.unsafe().closeForcibly();
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
      flooded(client, ShutOuts.WHOLE);
    }
  }

  @Override
  public void partlyFlooded(Channel client, int percent) {
    if (!client.hasAttr(FLOODED)) {
      flooded(client, percent);
    }
  }

  private void flooded(Channel client, int percent) {
    sourceOf(client).ifPresent(source -> shutOuts.flooded(source, percent, nanos.getAsLong()));
  }

  /** Frees the room of what does not matter any more. Call it from time to time. */
  public void sweep() {
    long now = nanos.getAsLong();
    shutOuts.sweep(now);
    sources.sweep(now);
  }

  /** Whom a connection counts for; empty if for nobody. */
  private Optional<SourceAddress> sourceOf(Channel client) {
    return client.remoteAddress() instanceof InetSocketAddress peer && peer.getAddress() != null
        ? Optional.of(IpBits.of(peer.getAddress()))
            .filter(address -> !exempt.contains(address))
            .map(SourceAddress::of)
        : Optional.empty();
  }
}
