package dev.gatehouse.sample;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import java.net.URI;

/** The running sample application. */
public final class SampleApp implements AutoCloseable {
  private final Vertx vertx;
  private final int port;

  private SampleApp(Vertx vertx, int port) {
    this.vertx = vertx;
    this.port = port;
  }

  /**
   * Starts the application; it serves when this returns. Blocks; not for event loops.
   *
   * @throws RuntimeException if the port cannot be bound
   */
  public static SampleApp start(SampleAppConfig config) {
    Vertx vertx = Vertx.vertx();
    SampleVerticle verticle = new SampleVerticle(config);
    DeploymentOptions onVirtualThreads =
        new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD);
    try {
      vertx.deployVerticle(verticle, onVirtualThreads).await();
    } catch (RuntimeException e) {
      vertx.close().await();
      throw e;
    }
    return new SampleApp(vertx, verticle.port());
  }

  /** The port it listens on. */
  public int port() {
    return port;
  }

  /** Stops it; open streams are cut. */
  @Override
  public void close() {
    vertx.close().await();
  }

  /**
   * Runs the application until the process is told to stop.
   *
   * @param args host, port, JWKS URI, service name
   */
  public static void main(String[] args) {
    if (args.length != 4) {
      System.err.println("usage: SampleApp HOST PORT JWKS_URI SERVICE");
      System.exit(2);
    }
    SampleApp app =
        start(
            new SampleAppConfig(args[0], Integer.parseInt(args[1]), URI.create(args[2]), args[3]));
    Runtime.getRuntime().addShutdownHook(new Thread(app::close));
    System.out.println("sample app on http://" + args[0] + ":" + app.port());
  }
}
