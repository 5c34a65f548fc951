package dev.gatehouse.controlplane.observe;

import dev.gatehouse.contract.edge.FeedMessage;
import dev.gatehouse.controlplane.api.Authenticator;
import dev.gatehouse.controlplane.api.Permission;
import dev.gatehouse.controlplane.api.RateLimits;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** {@code GET /metrics}, for a token with {@code metrics:read}. On virtual threads. */
public final class MetricsRoutes {
  private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final ControlPlaneMetrics metrics;
  private final RateLimits limits;
  private final Authenticator callers;

  /**
   * @param callers finds out who asks
   */
  public MetricsRoutes(ControlPlaneMetrics metrics, RateLimits limits, Authenticator callers) {
    this.metrics = metrics;
    this.limits = limits;
    this.callers = callers;
  }

  /** Adds what watches all requests; it comes before their routes. */
  public void watch(Router router) {
    router
        .route()
        .handler(context -> {
          if (FeedMessage.FEED_PATH.equals(context.request().path())) {
            context.next();
          } else {
            metrics.watch(context);
          }
        });
  }

  /** Adds the route. */
  public void mount(Router router) {
    router.get("/metrics").handler(this::show);
  }

  private void show(RoutingContext context) {
    limits.authenticate(context, callers).require(Permission.METRICS_READ);
    context
        .response()
        .putHeader("Content-Type", TYPE)
        .putHeader("Cache-Control", "no-store")
        .end(metrics.scrape());
  }
}
