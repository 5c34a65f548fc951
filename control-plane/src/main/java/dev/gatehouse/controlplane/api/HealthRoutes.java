package dev.gatehouse.controlplane.api;

import dev.gatehouse.controlplane.database.Database;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** {@code /healthz}: the process answers. {@code /readyz}: it reaches its database, too. */
public final class HealthRoutes {
  private final Database database;

  public HealthRoutes(Database database) {
    this.database = database;
  }

  /** Adds the routes. They need no token. */
  public void mount(Router router) {
    router.get("/healthz").handler(HealthRoutes::answerOk);
    router
        .get("/readyz")
        .handler(context -> {
          database.withConnection(connection -> connection.query("SELECT 1").execute().await());
          answerOk(context);
        });
  }

  private static void answerOk(RoutingContext context) {
    context
        .response()
        .putHeader("Content-Type", "application/json")
        .end(new JsonObject().put("status", "ok").toBuffer());
  }
}
