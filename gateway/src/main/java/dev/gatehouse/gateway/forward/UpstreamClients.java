package dev.gatehouse.gateway.forward;

import dev.gatehouse.contract.edge.Concurrency;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EdgeService.Protocol;
import dev.gatehouse.gateway.bounds.Bound;
import dev.gatehouse.gateway.upstream.EndpointTls;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.TrustOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One event loop's connections to the upstreams: a pool for each way of speaking to them, within it
 * one for each address. There are as many pools as services are set up differently.
 */
final class UpstreamClients {
  @Bound(
      of = "a response's headers",
      unit = "bytes",
      atIt = "a response whose headers are longer is answered 502",
      metric = "gatehouse_requests_refused_total{problem=\"upstream-failed\"}")
  private static final int MAX_RESPONSE_HEADER_BYTES = 64 * 1024;

  private final Vertx vertx;
  private final ForwardConfig config;
  private final Optional<TrustOptions> trust;
  private final Map<Settings, HttpClient> clients = new HashMap<>();
  private final ForwardMeters.Held held;
  private final HttpClient tunnels;
  private int connections;

  /**
   * @param trust the authorities of the endpoints' certificates; those of the JDK if empty
   * @param held is told how many connections there are
   */
  UpstreamClients(
      Vertx vertx, ForwardConfig config, Optional<TrustOptions> trust, ForwardMeters.Held held) {
    this.held = held;
    this.trust = trust;
    this.vertx = vertx;
    this.config = config;
    PoolOptions pool =
        new PoolOptions().setHttp1MaxSize(config.maxTunnels()).setMaxWaitQueueSize(0);
    this.tunnels =
        newClient(
            options(HttpVersion.HTTP_1_1),
            pool,
            connection -> {
              opened(connection);
              ResponseHeadGuard.watch(connection);
            });
  }

  /** The pool for a service's requests. */
  HttpClient of(EdgeService service) {
    Settings settings =
        new Settings(
            protocolOf(service),
            service
                .concurrency()
                .orElse(Concurrency.DEFAULT)
                .maxConnections()
                .orElse(config.connectionsPerEndpoint()));
    return clients.computeIfAbsent(settings, this::newClient);
  }

  /** How requests to a service go over TLS. */
  EndpointTls tlsOf(EdgeService service) {
    return EndpointTls.of(
        service, trust, protocolOf(service) == Protocol.HTTP_2, config.connectTimeout());
  }

  /** The same for connections that become tunnels. */
  EndpointTls tunnelTlsOf(EdgeService service) {
    return EndpointTls.of(service, trust, false, config.connectTimeout());
  }

  private static Protocol protocolOf(EdgeService service) {
    return service.protocol().orElse(Protocol.HTTP_1_1);
  }

  /** The pool for connections that become tunnels. */
  HttpClient tunnels() {
    return tunnels;
  }

  /** A connection has ended that had become a tunnel. */
  void tunnelClosed() {
    held.connections(--connections);
  }

  /** Closes all connections. */
  Future<Void> close() {
    List<Future<Void>> closing =
        new ArrayList<>(clients.values().stream().map(HttpClient::close).toList());
    closing.add(tunnels.close());
    return Future.join(closing).mapEmpty();
  }

  private HttpClient newClient(Settings settings) {
    HttpVersion version =
        switch (settings.protocol) {
          case HTTP_1_1 -> HttpVersion.HTTP_1_1;
          case HTTP_2 -> HttpVersion.HTTP_2;
        };
    return newClient(
        options(version),
        new PoolOptions()
            .setHttp1MaxSize(settings.maxConnections)
            .setHttp2MaxSize(Math.min(settings.maxConnections, config.http2Connections()))
            .setMaxWaitQueueSize(config.maxWaiting()),
        connection -> {
          opened(connection);
          ResponseBoundary.watch(connection);
        });
  }

  private HttpClient newClient(
      HttpClientOptions options, PoolOptions pool, Handler<HttpConnection> opened) {
    return vertx
        .httpClientBuilder()
        .with(options)
        // On the event loop of the request.
        .with(pool.setEventLoopSize(0))
        .withConnectHandler(opened)
        .build();
  }

  private void opened(HttpConnection connection) {
    held.connections(++connections);
    // Whoever waits for an answer is told.
    connection.exceptionHandler(_ -> {});
    connection.closeHandler(_ -> held.connections(--connections));
  }

  private HttpClientOptions options(HttpVersion version) {
    HttpClientOptions options = new HttpClientOptions();
    trust.ifPresent(options::setTrustOptions);
    return options
        .setProtocolVersion(version)
        .setUseAlpn(version == HttpVersion.HTTP_2)
        .setHttp2ClearTextUpgrade(false)
        .setHttp2KeepAliveTimeout((int) Math.max(1, config.keepAlive().toSeconds()))
        .setConnectTimeout((int) config.connectTimeout().toMillis())
        .setSslHandshakeTimeout(config.connectTimeout().toMillis())
        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
        .setKeepAliveTimeout((int) Math.max(1, config.keepAlive().toSeconds()))
        .setMaxHeaderSize(MAX_RESPONSE_HEADER_BYTES);
  }

  private record Settings(Protocol protocol, int maxConnections) {}
}
