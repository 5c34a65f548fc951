package dev.gatehouse.controlplane;

import dev.gatehouse.controlplane.access.FirstTokens;
import dev.gatehouse.controlplane.database.DatabaseUrl;
import dev.gatehouse.controlplane.database.Migrations;
import dev.gatehouse.controlplane.feed.EdgePublisher;
import dev.gatehouse.controlplane.feed.GatewayFleet;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running control plane. */
public final class ControlPlane implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);

  private final Vertx vertx;
  private final ControlPlaneVerticle verticle;

  private ControlPlane(Vertx vertx, ControlPlaneVerticle verticle) {
    this.vertx = vertx;
    this.verticle = verticle;
  }

  /**
   * Migrates the database and starts to listen. Blocks until requests are answered.
   *
   * @throws RuntimeException if the database cannot be reached or the port is taken; nothing is left
   *     running then
   */
  static ControlPlane start(
      ControlPlaneConfig config, EdgePublisher publisher, GatewayFleet fleet) {
    Migrations.apply(DatabaseUrl.parse(config.database().url()));
    Vertx vertx = Vertx.vertx();
    try {
      ControlPlaneVerticle verticle = new ControlPlaneVerticle(config, publisher, fleet);
      vertx
          .deployVerticle(
              verticle,
              new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD))
          .await();
      LOG.info(
          "control plane listens on http://{}:{}", config.http().host(), verticle.port());
      return new ControlPlane(vertx, verticle);
    } catch (RuntimeException e) {
      vertx.close().await();
      throw e;
    }
  }

  /** The port that it listens on. */
  public int port() {
    return verticle.port();
  }

  /** The tokens made by this start, if it was the very first on its database. */
  public Optional<FirstTokens> firstTokens() {
    return verticle.firstTokens();
  }

  /** Stops listening, ends what is under way and closes all connections. Blocks until done. */
  @Override
  public void close() {
    vertx.close().await();
  }
}
