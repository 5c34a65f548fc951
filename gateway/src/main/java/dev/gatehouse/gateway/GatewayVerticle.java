package dev.gatehouse.gateway;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.gatehouse.gateway.GatewayConfig.TlsConfig;
import dev.gatehouse.gateway.client.ClientAddresses;
import dev.gatehouse.gateway.client.ProxyConfig;
import dev.gatehouse.gateway.client.ProxyProtocol;
import dev.gatehouse.gateway.codec.InvalidRequests;
import dev.gatehouse.gateway.codec.OneHost;
import dev.gatehouse.gateway.codec.StrictRequestDecoder;
import dev.gatehouse.gateway.connect.ConnectionGate;
import dev.gatehouse.gateway.directory.LiveDirectory;
import dev.gatehouse.gateway.drain.Drain;
import dev.gatehouse.gateway.forward.Forwarder;
import dev.gatehouse.gateway.forward.Shared;
import dev.gatehouse.gateway.forward.UnderWay;
import dev.gatehouse.gateway.observe.LoopLag;
import dev.gatehouse.gateway.observe.Observer;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.rejection.Rejections;
import dev.gatehouse.gateway.residency.Entrance;
import dev.gatehouse.gateway.residency.RegionalGateways;
import dev.gatehouse.gateway.security.ProbingGuard;
import dev.gatehouse.gateway.security.SecurityEvents;
import dev.gatehouse.gateway.tls.HstsConfig;
import dev.gatehouse.gateway.tls.ServerTls;
import dev.gatehouse.gateway.usage.LoopUsage;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One event loop's share of the gateway: its listeners, its connections to the upstreams and the
 * stages that it does not share. All event loops listen at the same ports.
 */
final class GatewayVerticle extends VerticleBase implements Drain.Part {
  private static final long WITHDRAW_EVERY_MILLIS = 100;

  private final GatewayConfig config;
  private final Ports ports;
  private final Optional<ServerTls> tls;
  private final Stages stages;
  private final Entrance entrance;
  private final RegionalGateways regions;
  private final Identity identity;
  private final Observer observer;
  private final LiveDirectory directory;
  private final Shared shared;
  private final Drain drain;
  private final ConnectionGate gate;
  private final ProbingGuard probing;
  private final SecurityEvents security;
  private final MeterRegistry metrics;
  private final List<HttpServer> servers = new ArrayList<>();
  private Forwarder forwarder;
  private LoopUsage usage;

  /**
   * @param ports where to listen: those of the configuration, or those that the first verticle
   *     found
   * @param tls how connections are secured at the listener for TLS, the same for all verticles
   * @param metrics get how late the event loop is
   */
  @SuppressWarnings("NullAway.Init")
  GatewayVerticle(
      GatewayConfig config,
      Ports ports,
      Optional<ServerTls> tls,
      LiveDirectory directory,
      Stages stages,
      Entrance entrance,
      RegionalGateways regions,
      Identity identity,
      Shared shared,
      Drain drain,
      ConnectionGate gate,
      ProbingGuard probing,
      SecurityEvents security,
      Observer observer,
      MeterRegistry metrics) {
    this.metrics = metrics;
    this.config = config;
    this.ports = ports;
    this.tls = tls;
    this.stages = stages;
    this.entrance = entrance;
    this.regions = regions;
    this.identity = identity;
    this.observer = observer;
    this.directory = directory;
    this.shared = shared;
    this.drain = drain;
    this.gate = gate;
    this.probing = probing;
    this.security = security;
  }

  @Override
  public Future<?> start() {
    Rejections rejections = new Rejections();
    usage = shared.usage().newLoop(context);
    forwarder = new Forwarder(vertx, config.forward(), shared, usage, rejections);
    LoopLag.measure(vertx, ports.nextLoop(), metrics);
    LostAccess lostAccess = new LostAccess(directory, identity, entrance, forwarder);
    vertx.setPeriodic(WITHDRAW_EVERY_MILLIS, _ -> lostAccess.look());
    RequestPath path =
        new RequestPath(
            stages,
            identity.logins(),
            regions,
            forwarder,
            rejections,
            drain,
            probing,
            security,
            config.https().flatMap(TlsConfig::hsts).map(HstsConfig::value).orElse(null),
            usage,
            observer);
    drain.add(this);
    Future<HttpServer> http =
        listen(
                path,
                options().setHost(config.http().host()).setPort(shared(config.http().port(), -1)),
                config.http().proxies())
            .onSuccess(server -> ports.http = server.actualPort());
    return config.https().isEmpty() || tls.isEmpty()
        ? http
        : http.compose(_ -> listenTls(path, config.https().get(), tls.get()));
  }

  /** Closes connections: the idle ones at once, the others when what is under way has ended. */
  @Override
  public Future<?> stop() {
    long atMost = Math.max(1, config.drain().atMost().toMillis());
    forwarder.leave(_ -> true, drain::sendAway);
    List<Future<Void>> closing = new ArrayList<>();
    servers.forEach(server -> closing.add(server.shutdown(atMost, MILLISECONDS)));
    return Future.join(closing)
        .eventually(() -> forwarder.drain(atMost))
        .onComplete(_ -> usage.close());
  }

  @Override
  public void leave() {
    context.runOnContext(_ -> forwarder.leave(_ -> true, drain::sendAway));
  }

  @Override
  public Future<?> leave(UUID tenant, Duration atMost) {
    Promise<Void> told = Promise.promise();
    context.runOnContext(_ -> {
      long from = System.nanoTime();
      forwarder.leave(request -> isOf(tenant, request), drain::sendAway);
      vertx.setTimer(
          Math.max(1, atMost.toMillis()),
          _ -> forwarder.revoke(request -> overdue(tenant, from, request)));
      told.complete();
    });
    return told.future();
  }

  private static Optional<Rejection> overdue(UUID tenant, long sinceNanos, UnderWay request) {
    boolean overdue = isOf(tenant, request) && request.startNanos() - sinceNanos < 0;
    return overdue ? Optional.of(Rejection.Overloaded.DRAINED) : Optional.empty();
  }

  private static boolean isOf(UUID tenant, UnderWay request) {
    return request.tenant().edge().id().equals(tenant);
  }

  private Future<HttpServer> listenTls(RequestPath path, TlsConfig tls, ServerTls secured) {
    HttpServerOptions options = options().setHost(tls.host()).setPort(shared(tls.port(), -2));
    secured.apply(options);
    return listen(path, options, tls.proxies())
        .onSuccess(server -> ports.https = server.actualPort());
  }

  private Future<HttpServer> listen(
      RequestPath path, HttpServerOptions options, ProxyConfig proxies) {
    ClientAddresses clients = new ClientAddresses(proxies, options.isSsl());
    options.setUseProxyProtocol(proxies.protocol() == ProxyProtocol.REQUIRED);
    HttpServer server =
        vertx
            .createHttpServer(options)
            .connectionHandler(connection -> {
              Channel channel = channelOf(connection);
              gate.opened(channel);
              StrictRequestDecoder.install(channel.pipeline(), options, gate);
              OneHost.require(channel.pipeline());
              connection.exceptionHandler(failure -> gate.failed(channel, failure));
              clients.opened(connection);
              forwarder.watch(channel);
            })
            .invalidRequestHandler(unlessStopped(new InvalidRequests(gate)::answer))
            .requestHandler(unlessStopped(request -> path.handle(request, clients.of(request))))
            // What is not HTTP is answered, and counted, by the codec.
            .exceptionHandler(_ -> {});
    servers.add(server);
    return server.listen();
  }

  /** What waited, read already, while the request before it was refused, is nobody's any more. */
  private static Handler<HttpServerRequest> unlessStopped(Handler<HttpServerRequest> handler) {
    return request -> {
      if (!StrictRequestDecoder.hasStopped(channelOf(request.connection()))) {
        handler.handle(request);
      }
    };
  }

  private static Channel channelOf(HttpConnection connection) {
    return ((ConnectionBase) connection).channel();
  }

  /** Vert.x binds a negative port to any free one, the same for all that name the same number. */
  private static int shared(int port, int anyFree) {
    return port == 0 ? anyFree : port;
  }

  private HttpServerOptions options() {
    return new HttpServerOptions()
        .setMaxInitialLineLength(config.admit().maxRequestLineBytes())
        .setMaxHeaderSize(config.admit().maxHeaderBytes())
        .setIdleTimeout((int) config.admit().connectionIdle().toMillis())
        .setIdleTimeoutUnit(MILLISECONDS)
        .setSslHandshakeTimeout(config.admit().connections().handshakeTimeout().toMillis())
        .setSslHandshakeTimeoutUnit(MILLISECONDS)
        .setHandle100ContinueAutomatically(false)
        .setDecompressionSupported(false)
        .setCompressionSupported(false)
        // WebSockets pass through as bytes; nothing here reads their frames.
        .setPerFrameWebSocketCompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false)
        .setTcpNoDelay(true);
  }

  /** The ports that all verticles of one gateway listen at. */
  static final class Ports {
    private final AtomicInteger loops = new AtomicInteger();
    private volatile int http = -1;
    private volatile int https = -1;

    /** What one more event loop is called. */
    String nextLoop() {
      return String.valueOf(loops.getAndIncrement());
    }

    /** Port for requests in the clear; -1 until it is bound. */
    int http() {
      return http;
    }

    /** Port for requests with TLS; -1 if there is none. */
    int https() {
      return https;
    }
  }
}
