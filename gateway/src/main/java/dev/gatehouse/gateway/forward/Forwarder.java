package dev.gatehouse.gateway.forward;

import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EdgeService.Endpoint;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.rejection.Rejections;
import dev.gatehouse.gateway.sign.Signed;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.concurrent.TimeUnit;

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
  private final InFlight inFlight = new InFlight();
  private final ForwardMeters.Held held;
  private final long sweepTimer;
  private int turn;
  private int connections;

  /** Call it on the event loop that it will serve. */
  public Forwarder(Vertx vertx, ForwardConfig config, Rejections rejections, ForwardMeters meters) {
    this.vertx = vertx;
    this.config = config;
    this.rejections = rejections;
    this.held = meters.newLoop();
    this.client = newClient(config.connectionsPerEndpoint(), config.maxWaiting());
    this.tunnelClient = newClient(config.maxTunnels(), 0);
    this.sweepTimer = vertx.setPeriodic(SWEEP_MILLIS, _ -> sweep());
  }

  /**
   * Takes a request to its service. Whatever becomes of it, the client is answered.
   *
   * @throws Rejection.Overloaded if this event loop holds as many requests as it may
   */
  public void forward(Signed signed) {
    if (inFlight.size() >= config.maxInFlight()) {
      throw Rejection.Overloaded.TOO_MANY_IN_FLIGHT;
    }
    EdgeService service = signed.request().service();
    RequestOptions options = optionsFor(signed, chooseEndpoint(service));
    if (UpgradeTunnel.isWanted(signed)) {
      new UpgradeTunnel(signed, rejections).open(tunnelClient.request(options));
      return;
    }
    long timeoutNanos = service.responseTimeout().orElse(config.responseTimeout()).toNanos();
    ForwardedRequest forwarded = new ForwardedRequest(signed, inFlight, rejections, timeoutNanos);
    forwarded.send(client.request(options));
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

  /** Once in a while, so that it costs a request nothing. */
  private void sweep() {
    inFlight.expire(System.nanoTime());
    held.requests(inFlight.size());
  }

  private void connected(HttpConnection connection) {
    held.connections(++connections);
    connection.closeHandler(_ -> held.connections(--connections));
  }

  private Future<Void> untilIdle(long endNanos) {
    if (inFlight.size() == 0 || System.nanoTime() - endNanos > 0) {
      return Future.succeededFuture();
    }
    return vertx.timer(20, TimeUnit.MILLISECONDS).compose(_ -> untilIdle(endNanos));
  }

  private HttpClient newClient(int connections, int waiting) {
    return vertx
        .httpClientBuilder()
        .with(
            new HttpClientOptions()
                .setConnectTimeout((int) config.connectTimeout().toMillis())
                .setKeepAliveTimeout((int) Math.max(1, config.keepAlive().toSeconds()))
                .setMaxHeaderSize(MAX_RESPONSE_HEADER_BYTES))
        .with(
            new PoolOptions()
                .setHttp1MaxSize(connections)
                .setMaxWaitQueueSize(waiting)
                .setEventLoopSize(0))
        .withConnectHandler(this::connected)
        .build();
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
