package dev.gatehouse.gateway.upstream;

import dev.gatehouse.contract.edge.EndpointReport;
import dev.gatehouse.contract.edge.EndpointReport.BreakerHealth;
import dev.gatehouse.contract.edge.EndpointReport.ServiceHealth;
import dev.gatehouse.gateway.directory.ControlPlaneClient;
import dev.gatehouse.gateway.upstream.Upstreams.EndpointsSeen;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the control plane how fit the endpoints are: within a second of a change, and every {@link
 * EndpointReport#EVERY} where there is none. Runs on one event loop.
 */
public final class EndpointReporter {
  private static final Logger LOG = LoggerFactory.getLogger(EndpointReporter.class);
  private static final long LOOK_EVERY_MILLIS = 1000;

  /** The clock of the pools and that of the wall drift apart. */
  private static final long SET_CLOCK_NANOS = Duration.ofMinutes(1).toNanos();

  private final Vertx vertx;
  private final ControlPlaneClient controlPlane;
  private final String gatewayName;
  private final Upstreams upstreams;
  private final Function<String, Optional<BreakerHealth>> breakers;
  private final InstantSource clock;

  private Instant wallClock;
  private long ticks;
  private @Nullable EndpointReport told;
  private long toldAt;
  private boolean telling;

  /**
   * @param vertx the one whose event loop reports
   * @param gatewayName unique among the gateways of the platform
   * @param breakers the breaker that all tenants share, by the name of its service
   */
  public EndpointReporter(
      Vertx vertx,
      ControlPlaneClient controlPlane,
      String gatewayName,
      Upstreams upstreams,
      Function<String, Optional<BreakerHealth>> breakers,
      InstantSource clock) {
    this.vertx = vertx;
    this.controlPlane = controlPlane;
    this.gatewayName = gatewayName;
    this.upstreams = upstreams;
    this.breakers = breakers;
    this.clock = clock;
    this.wallClock = clock.instant();
    this.ticks = upstreams.ticks();
  }

  /** Begins to report, until Vert.x is closed. Returns at once. */
  public void start() {
    vertx.runOnContext(_ -> vertx.setPeriodic(LOOK_EVERY_MILLIS, _ -> look()));
  }

  private void look() {
    if (telling) {
      return;
    }
    long now = upstreams.ticks();
    if (now - ticks > SET_CLOCK_NANOS) {
      wallClock = clock.instant();
      ticks = now;
    }
    EndpointReport report = report();
    if (!report.equals(told) || now - toldAt > EndpointReport.EVERY.toNanos()) {
      tell(report, now);
    }
  }

  private EndpointReport report() {
    EndpointsSeen seen = upstreams.endpoints(wallClock, ticks);
    List<ServiceHealth> services =
        seen.services().stream()
            .map(one ->
                new ServiceHealth(one.service(), one.endpoints(), breakers.apply(one.service())))
            .toList();
    return new EndpointReport(gatewayName, services, seen.omitted());
  }

  /** A control plane that does not take it is asked again when the time comes. */
  private void tell(EndpointReport report, long now) {
    telling = true;
    controlPlane
        .send(HttpMethod.POST, EndpointReport.PATH, Buffer.buffer(report.encode()))
        .onComplete(outcome -> {
          telling = false;
          if (outcome.failed()) {
            LOG.debug("the control plane was not told of the endpoints", outcome.cause());
            return;
          }
          told = report;
          toldAt = now;
          if (outcome.result().statusCode() != 204) {
            LOG.debug(
                "the control plane did not take what endpoints are like: {}",
                outcome.result().statusCode());
          }
        });
  }
}
