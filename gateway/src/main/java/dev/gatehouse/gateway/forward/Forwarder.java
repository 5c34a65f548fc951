package dev.gatehouse.gateway.forward;

import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.gateway.bounds.Bound;
import dev.gatehouse.gateway.limit.Slots;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.rejection.Rejections;
import dev.gatehouse.gateway.route.MirrorTo;
import dev.gatehouse.gateway.share.ServiceBreaker;
import dev.gatehouse.gateway.share.ServiceShare;
import dev.gatehouse.gateway.share.ServiceShares;
import dev.gatehouse.gateway.sign.Signed;
import dev.gatehouse.gateway.upstream.LoopUpstream;
import dev.gatehouse.gateway.upstream.LoopUpstreams;
import dev.gatehouse.gateway.upstream.NoTarget;
import dev.gatehouse.gateway.upstream.Target;
import dev.gatehouse.gateway.usage.LoopUsage;
import io.netty.channel.Channel;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes signed requests to their upstreams. One for each event loop: the connections it pools live
 * on the same loop as the clients', so that a request never changes threads.
 */
public final class Forwarder {
  private static final long SWEEP_MILLIS = 20;

  @Bound(
      of = "copies for mirrors under way, of each event loop",
      unit = "copies",
      atIt = "one more request is not copied")
  private static final int MAX_MIRRORED = 100;

  private static final long MIRROR_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Vertx vertx;
  private final Context loop;
  private final ForwardConfig config;
  private final Shared shared;
  private final ServiceShares shares;
  private final LoopUpstreams upstreams;
  private final Rejections rejections;
  private final UpstreamClients clients;
  private final Map<String, UpstreamService> services = new HashMap<>();
  private final InFlight inFlight = new InFlight();
  private final InFlight tunnels = new InFlight();
  private final InFlight mirrored = new InFlight();
  private final ClientWatch clientWatch = new ClientWatch(inFlight);
  private final Slots tunnelSlots;
  private final ForwardMeters.Held held;
  private final LoopUsage usage;
  private final long sweepTimer;

  /**
   * Call it on the event loop that it will serve.
   *
   * @param shared what it has in common with the other event loops' forwarders
   * @param usage counts what this event loop serves
   */
  public Forwarder(
      Vertx vertx, ForwardConfig config, Shared shared, LoopUsage usage, Rejections rejections) {
    this.vertx = vertx;
    this.loop = vertx.getOrCreateContext();
    this.config = config;
    this.shared = shared;
    this.shares = new ServiceShares(shared.eventLoops(), shared.shareMeters(), shared.limits());
    this.upstreams = shared.upstreams().newLoop();
    this.rejections = rejections;
    this.usage = usage;
    usage.countOpen(this::countOpenWebSockets);
    this.tunnelSlots = Slots.of(config.maxTunnels());
    this.held = shared.meters().newLoop();
    this.clients = new UpstreamClients(vertx, config, shared.upstreams().trust(), held);
    this.sweepTimer = vertx.setPeriodic(SWEEP_MILLIS, _ -> sweep(System.nanoTime()));
  }

  /**
   * Takes a request to its service. Whatever becomes of it, the client is answered.
   *
   * @throws Rejection if it cannot even wait for its turn
   */
  public void forward(Signed signed) {
    if (inFlight.size() >= config.maxInFlight()) {
      throw Rejection.Overloaded.TOO_MANY_IN_FLIGHT;
    }
    EdgeService service = signed.request().service();
    ServiceBreaker breaker = shared.breakers().of(service, signed.tenant());
    breaker.enter();
    ServiceShare share = shares.of(service, signed.tenant());
    new ForwardedRequest(this, serviceOf(service), breaker, share, signed, mirrorOf(signed))
        .start();
  }

  /**
   * Ends what may not go on: a request that is not answered yet gets the refusal, a response that
   * has begun is broken off, a WebSocket is closed.
   *
   * @param verdict why it may not go on; empty if it may
   */
  public void revoke(Function<UnderWay, Optional<Rejection>> verdict) {
    entries().forEach(entry -> verdict.apply(entry).ifPresent(entry::revoke));
  }

  /**
   * Lets some go elsewhere: requests tell their clients, WebSockets are closed.
   *
   * @param whose which of them
   * @param tell tells the client of a request that is under way
   */
  public void leave(Predicate<UnderWay> whose, Consumer<HttpServerRequest> tell) {
    entries().filter(whose).forEach(entry -> entry.leave(tell));
  }

  /**
   * Keeps the listener from taking a client's connection for idle while a request of it is under
   * way, which has bounds of its own; answers requests whose body turns out to be malformed.
   */
  public void watch(Channel client) {
    clientWatch.watch(client);
  }

  /** What has not ended. */
  public Stream<UnderWay> underWay() {
    return entries().map(UnderWay.class::cast);
  }

  private Stream<InFlight.Entry> entries() {
    return Stream.of(inFlight, tunnels, mirrored).flatMap(live -> live.entries().stream());
  }

  /** Waits until no request is under way, for so long at most, then closes all connections. */
  public Future<Void> drain(long atMostMillis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(atMostMillis);
    return untilIdle(end)
        .eventually(() -> {
          vertx.cancelTimer(sweepTimer);
          return clients.close();
        });
  }

  /** The endpoints that a request can go to. */
  LoopUpstream upstreamOf(Signed signed) {
    return upstreams.of(signed.request().service(), signed.tenant());
  }

  /** Chooses where a request goes that is not tried twice; it has begun there. */
  private Target pick(Signed signed, UpstreamService service) {
    return switch (upstreamOf(signed).pick(service.hashKeyOf(signed))) {
      case NoTarget none -> throw UpstreamFaults.nowhere(none);
      case Target target -> {
        target.begun();
        yield target;
      }
    };
  }

  /** The requests that are under way, but for tunnels and mirrors. */
  InFlight inFlight() {
    return inFlight;
  }

  /** The open WebSockets. */
  InFlight tunnels() {
    return tunnels;
  }

  /** The places for WebSockets, those included that are not open yet. */
  Slots tunnelSlots() {
    return tunnelSlots;
  }

  /** How long no byte may pass through a WebSocket. */
  Duration webSocketIdle() {
    return config.webSocketIdle();
  }

  /** What clients may send through WebSockets. */
  WebSocketsConfig webSockets() {
    return config.webSockets();
  }

  /** Counts what clients do. */
  LoopUsage usage() {
    return usage;
  }

  private void countOpenWebSockets(long nowNanos) {
    tunnels.entries().forEach(tunnel -> ((Tunnel) tunnel).count(nowNanos));
  }

  /** A WebSocket is over, and with it its connection to the upstream. */
  void tunnelClosed() {
    tunnelSlots.giveBack();
    clients.tunnelClosed();
  }

  /** Counts what clients are ended for. */
  ForwardMeters meters() {
    return shared.meters();
  }

  /** Answers those that are refused. */
  Rejections rejections() {
    return rejections;
  }

  /** The event loop that it serves. */
  Context loop() {
    return loop;
  }

  /** Does something after so many milliseconds. */
  void later(long millis, Runnable action) {
    vertx.setTimer(millis, _ -> action.run());
  }

  @SuppressWarnings("ReferenceEquality") // A service is replaced, never changed.
  private UpstreamService serviceOf(EdgeService edge) {
    UpstreamService known = services.get(edge.name());
    if (known != null && known.edge() == edge) {
      return known;
    }
    UpstreamService made = new UpstreamService(edge, config, clients, shared.signing());
    services.put(edge.name(), made);
    return made;
  }

  private @Nullable MirrorCopy mirrorOf(Signed signed) {
    MirrorTo mirror = signed.request().edits().mirror().orElse(null);
    if (mirror == null
        || mirrored.size() >= MAX_MIRRORED
        || Upgrade.isWanted(signed)
        || !mirror.takesThisOne()) {
      return null;
    }
    try {
      Signed copied =
          shared.signing().sign(signed.exchange(), signed.request().withService(mirror.service()));
      UpstreamService service = serviceOf(mirror.service());
      MirrorCopy copy = new MirrorCopy(copied, service, mirrored);
      Target target = pick(copied, service);
      copy.begin(service.connect(copied, target), target, System.nanoTime() + MIRROR_NANOS);
      return copy;
    } catch (Rejection noWay) {
      // Nothing that happens to a copy concerns the request.
      return null;
    }
  }

  private void sweep(long nowNanos) {
    inFlight.expire(nowNanos);
    tunnels.expire(nowNanos);
    mirrored.expire(nowNanos);
    shares.expire(nowNanos);
    held.requests(inFlight.size());
  }

  private Future<Void> untilIdle(long endNanos) {
    if (inFlight.size() == 0 || System.nanoTime() - endNanos > 0) {
      return Future.succeededFuture();
    }
    return vertx.timer(20, TimeUnit.MILLISECONDS).compose(_ -> untilIdle(endNanos));
  }
}
