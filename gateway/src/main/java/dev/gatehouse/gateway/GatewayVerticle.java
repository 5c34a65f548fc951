package dev.gatehouse.gateway;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.gatehouse.gateway.GatewayConfig.TlsConfig;
import dev.gatehouse.gateway.admit.Admission;
import dev.gatehouse.gateway.authenticate.Authenticator;
import dev.gatehouse.gateway.directory.LiveDirectory;
import dev.gatehouse.gateway.forward.ForwardMeters;
import dev.gatehouse.gateway.forward.Forwarder;
import dev.gatehouse.gateway.limit.LimitStage;
import dev.gatehouse.gateway.observe.Observer;
import dev.gatehouse.gateway.rejection.Rejections;
import dev.gatehouse.gateway.resolve.TenantResolver;
import dev.gatehouse.gateway.route.Router;
import dev.gatehouse.gateway.sign.SigningStage;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * One event loop's share of the gateway: its listeners, its connections to the upstreams and the
 * stages that it need not share. All event loops listen at the same ports.
 */
final class GatewayVerticle extends VerticleBase {
  private static final int IDLE_SECONDS = 75;
  private static final long DRAIN_MILLIS = 10_000;

  private final GatewayConfig config;
  private final Ports ports;
  private final LiveDirectory directory;
  private final SigningStage signing;
  private final Observer observer;
  private final ForwardMeters meters;
  private final List<HttpServer> servers = new ArrayList<>();
  private Forwarder forwarder;

  /**
   * @param ports where to listen: those of the configuration, or those that the first verticle
   *     found
   */
  @SuppressWarnings("NullAway.Init")
  GatewayVerticle(
      GatewayConfig config,
      Ports ports,
      LiveDirectory directory,
      SigningStage signing,
      Observer observer,
      ForwardMeters meters) {
    this.config = config;
    this.ports = ports;
    this.directory = directory;
    this.signing = signing;
    this.observer = observer;
    this.meters = meters;
  }

  @Override
  public Future<?> start() {
    Rejections rejections = new Rejections();
    forwarder = new Forwarder(vertx, config.forward(), rejections, meters);
    RequestPath path =
        new RequestPath(
            new Admission(config.admit()),
            new TenantResolver(config.resolve(), config.baseDomain(), directory),
            new Authenticator(InstantSource.system()),
            new LimitStage(config.admit().maxBodyBytes()),
            new Router(),
            signing,
            forwarder,
            rejections,
            observer);
    Future<HttpServer> http =
        listen(
                path,
                options().setHost(config.http().host()).setPort(shared(config.http().port(), -1)))
            .onSuccess(server -> ports.http = server.actualPort());
    return config.https().isEmpty()
        ? http
        : http.compose(_ -> listenTls(path, config.https().get()));
  }

  @Override
  public Future<?> stop() {
    List<Future<Void>> closing = new ArrayList<>();
    servers.forEach(server -> closing.add(server.shutdown(DRAIN_MILLIS, MILLISECONDS)));
    return Future.join(closing).eventually(() -> forwarder.drain(DRAIN_MILLIS));
  }

  private Future<HttpServer> listenTls(RequestPath path, TlsConfig tls) {
    HttpServerOptions options =
        options()
            .setHost(tls.host())
            .setPort(shared(tls.port(), -2))
            .setSsl(true)
            .setUseAlpn(true)
            .setKeyCertOptions(
                new PemKeyCertOptions()
                    .setCertPath(tls.certificate().toString())
                    .setKeyPath(tls.key().toString()));
    return listen(path, options).onSuccess(server -> ports.https = server.actualPort());
  }

  private Future<HttpServer> listen(RequestPath path, HttpServerOptions options) {
    HttpServer server =
        vertx
            .createHttpServer(options)
            .requestHandler(path::handle)
            // What is not HTTP is answered, and counted, by the codec.
            .exceptionHandler(_ -> {});
    servers.add(server);
    return server.listen();
  }

  /** Vert.x binds a negative port to any free one, the same for all that name the same number. */
  private static int shared(int port, int anyFree) {
    return port == 0 ? anyFree : port;
  }

  private HttpServerOptions options() {
    return new HttpServerOptions()
        .setMaxInitialLineLength(config.admit().maxRequestLineBytes())
        .setMaxHeaderSize(config.admit().maxHeaderBytes())
        .setIdleTimeout(IDLE_SECONDS)
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
    private volatile int http = -1;
    private volatile int https = -1;

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
