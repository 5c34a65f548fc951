package dev.gatehouse.loadtests.contender;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.httpproxy.HttpProxy;

/** The program of {@link BareVertxHttpProxy}: one event loop, one reverse proxy. */
public final class BareVertxHttpProxyMain extends VerticleBase {
  private static final int POOL_SIZE = 256;

  private final int port;
  private final int upstreamPort;

  private BareVertxHttpProxyMain(int port, int upstreamPort) {
    this.port = port;
    this.upstreamPort = upstreamPort;
  }

  /**
   * Runs it until the process is told to stop.
   *
   * @param args port to listen on, port of the upstream
   */
  public static void main(String[] args) {
    Vertx.vertx(new VertxOptions().setPreferNativeTransport(true))
        .deployVerticle(
            new BareVertxHttpProxyMain(Integer.parseInt(args[0]), Integer.parseInt(args[1])))
        .await();
  }

  @Override
  public Future<?> start() {
    HttpClient client =
        vertx.createHttpClient(
            new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(POOL_SIZE));
    return vertx
        .createHttpServer()
        .requestHandler(HttpProxy.reverseProxy(client).origin(upstreamPort, "127.0.0.1"))
        .listen(port, "127.0.0.1");
  }
}
