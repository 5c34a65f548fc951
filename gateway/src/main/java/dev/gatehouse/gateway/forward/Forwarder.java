package dev.gatehouse.gateway.forward;

import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EdgeService.Endpoint;
import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.gateway.limit.WebSocketLimit;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.rejection.Rejections;
import dev.gatehouse.gateway.sign.Signed;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Takes signed requests to their upstreams. One for each event loop: the connections it pools live
 * on the same loop as the clients', so that a request never changes threads.
 */
public final class Forwarder {
  private static final long SWEEP_MILLIS = 100;
  private static final int MAX_RESPONSE_HEADER_BYTES = 64 * 1024;

  private final Vertx vertx;
  private final ForwardConfig config;
  private final Rejections rejections;
  private final HttpClient client;
  private final HttpClient tunnelClient;
  private final WebSocketLimit webSockets;
  private final InFlight inFlight = new InFlight();
  private final InFlight tunnels = new InFlight();
  private final long sweepTimer;
  private int turn;

  /**
   * Call it on the event loop that it will serve.
   *
   * @param webSockets shared by all event loops
   */
  public Forwarder(
      Vertx vertx, ForwardConfig config, Rejections rejections, WebSocketLimit webSockets) {
    this.vertx = vertx;
    this.config = config;
    this.rejections = rejections;
    this.webSockets = webSockets;
    this.client = newClient(config.connectionsPerEndpoint(), config.maxWaiting());
    this.tunnelClient = newClient(config.maxTunnels(), 0);
    this.sweepTimer = vertx.setPeriodic(SWEEP_MILLIS, _ -> expire(System.nanoTime()));
  }

  /**
   * Takes a request to its service. Whatever becomes of it, the client is answered.
   *
   * @throws Rejection.Overloaded if this event loop holds as many requests as it may
   * @throws Rejection.TooManyWebSockets if it asks for one more than its tenant may have open
   */
  public void forward(Signed signed) {
    if (inFlight.size() >= config.maxInFlight()) {
      throw Rejection.Overloaded.TOO_MANY_IN_FLIGHT;
    }
    EdgeService service = signed.request().service();
    RequestOptions options = optionsFor(signed, chooseEndpoint(service));
    long timeoutNanos = service.responseTimeout().orElse(config.responseTimeout()).toNanos();
    if (UpgradeTunnel.isWanted(signed)) {
      openTunnel(signed, options, timeoutNanos);
      return;
    }
    ForwardedRequest forwarded = new ForwardedRequest(signed, inFlight, rejections, timeoutNanos);
    forwarded.send(client.request(options));
  }

  /**
   * Ends what may not go on: a request that is not answered yet gets the refusal, a response that
   * has begun is broken off, a WebSocket is closed.
   *
   * @param verdict why it may not go on; empty if it may
   */
  public void revoke(Function<UnderWay, Optional<Rejection>> verdict) {
    underWay().forEach(entry -> verdict.apply(entry).ifPresent(entry::revoke));
  }

  /**
   * Lets some go elsewhere: requests tell their clients, WebSockets are closed.
   *
   * @param whose which of them
   * @param tell tells the client of a request that is under way
   */
  public void leave(Predicate<UnderWay> whose, Consumer<HttpServerRequest> tell) {
    underWay().filter(whose).forEach(entry -> entry.leave(tell));
  }

  private Stream<InFlight.Entry> underWay() {
    return Stream.concat(inFlight.entries().stream(), tunnels.entries().stream());
  }

  /** Waits until no request is under way, for so long at most, then closes all connections. */
  public Future<Void> drain(long atMostMillis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(atMostMillis);
    return untilIdle(end)
        .eventually(() -> {
          vertx.cancelTimer(sweepTimer);
          return Future.all(client.close(), tunnelClient.close()).mapEmpty();
        });
  }

  private void openTunnel(Signed signed, RequestOptions options, long timeoutNanos) {
    EdgeTenant tenant = signed.tenant().edge();
    if (!webSockets.tryOpen(tenant.id(), tenant.limits().webSockets())) {
      throw Rejection.TooManyWebSockets.INSTANCE;
    }
    UpgradeTunnel upgrade =
        new UpgradeTunnel(
            signed,
            inFlight,
            tunnels,
            rejections,
            config.webSocketIdle(),
            () -> webSockets.closed(tenant.id()));
    upgrade.open(tunnelClient.request(options), System.nanoTime() + timeoutNanos);
  }

  private void expire(long nowNanos) {
    inFlight.expire(nowNanos);
    tunnels.expire(nowNanos);
  }

  private Future<Void> untilIdle(long endNanos) {
    if (inFlight.size() == 0 || System.nanoTime() - endNanos > 0) {
      return Future.succeededFuture();
    }
    return vertx.timer(20, TimeUnit.MILLISECONDS).compose(_ -> untilIdle(endNanos));
  }

  private HttpClient newClient(int connections, int waiting) {
    return vertx.createHttpClient(
        new HttpClientOptions()
            .setConnectTimeout((int) config.connectTimeout().toMillis())
            .setKeepAliveTimeout((int) Math.max(1, config.keepAlive().toSeconds()))
            .setMaxHeaderSize(MAX_RESPONSE_HEADER_BYTES),
        new PoolOptions()
            .setHttp1MaxSize(connections)
            .setMaxWaitQueueSize(waiting)
            .setEventLoopSize(0));
  }

  private Endpoint chooseEndpoint(EdgeService service) {
    int endpoints = service.endpoints().size();
    if (endpoints == 1) {
      return service.endpoints().getFirst();
    }
    turn = turn + 1 < 0 ? 0 : turn + 1;
    return service.endpoints().get(turn % endpoints);
  }

  private static RequestOptions optionsFor(Signed signed, Endpoint endpoint) {
    HttpServerRequest request = signed.exchange().request();
    return new RequestOptions()
        .setHost(endpoint.host())
        .setPort(endpoint.port())
        .setSsl(endpoint.tls())
        .setMethod(request.method())
        .setURI(signed.sanitized().target());
  }
}
