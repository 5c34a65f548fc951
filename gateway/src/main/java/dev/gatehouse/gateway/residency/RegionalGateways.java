package dev.gatehouse.gateway.residency;

import dev.gatehouse.contract.edge.Concurrency;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EdgeService.Endpoint;
import dev.gatehouse.contract.edge.EdgeService.Protocol;
import dev.gatehouse.contract.edge.OutlierDetection;
import dev.gatehouse.contract.edge.Retries;
import dev.gatehouse.contract.tenant.Region;
import dev.gatehouse.gateway.Exchange;
import dev.gatehouse.gateway.admit.ForwardableHeaders;
import dev.gatehouse.gateway.admit.Sanitized;
import dev.gatehouse.gateway.authenticate.Authenticated;
import dev.gatehouse.gateway.bounds.Bound;
import dev.gatehouse.gateway.directory.LiveDirectory;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.limit.Admitted;
import dev.gatehouse.gateway.limit.Slots;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.resolve.Resolved;
import dev.gatehouse.gateway.resolve.TenantSource;
import dev.gatehouse.gateway.route.Edits;
import dev.gatehouse.gateway.route.Route;
import dev.gatehouse.gateway.route.Routed;
import dev.gatehouse.gateway.sign.Signed;
import dev.gatehouse.gateway.upstream.Upstreams;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The gateways of other regions, as services that requests can be forwarded to: with the streaming,
 * the bounds and the WebSockets of any other. What goes there was neither authenticated nor
 * counted, and carries no word of this gateway: the other one does all of that itself. Immutable;
 * any thread.
 */
public final class RegionalGateways {
  /** Longer than any service may take: the other gateway knows for how long. */
  @Bound(
      of = "until the response of a gateway of another region begins",
      atIt = "504",
      metric = "gatehouse_requests_refused_total{problem=\"upstream-timed-out\"}")
  private static final Duration PATIENCE = Duration.ofMinutes(11);

  /** The other gateway has the tenants take turns. */
  @Bound(
      of = "requests in flight at the gateway of another region",
      unit = "requests",
      atIt = "one more is answered 503",
      metric = "gatehouse_requests_passed_on_total")
  private static final int MOST_REQUESTS = 100_000;

  private final Map<Region, Way> ways = new HashMap<>();
  private final LiveDirectory directory;
  private final long maxBodyBytes;
  private final boolean passesTenantOn;

  /**
   * @param passesTenantOn whether to tell the other gateway the tenant's id, because this one
   *     trusts clients who say it
   * @param upstreams learns of them
   */
  public RegionalGateways(
      ResidencyConfig config,
      LiveDirectory directory,
      long maxBodyBytes,
      boolean passesTenantOn,
      Upstreams upstreams,
      MeterRegistry metrics) {
    this.directory = directory;
    this.maxBodyBytes = maxBodyBytes;
    this.passesTenantOn = passesTenantOn;
    if (config.elsewhere() == Elsewhere.FORWARD) {
      config
          .gateways()
          .forEach((name, url) -> {
            Region region = Region.of(name);
            EdgeService service = serviceOf(region, url);
            upstreams.applyOwn(service);
            ways.put(
                region,
                new Way(
                    Route.to(service),
                    service,
                    Counter.builder("gatehouse.requests.passed.on")
                        .description("Requests that went to a gateway of another region")
                        .tag("region", name)
                        .register(metrics)));
          });
    }
  }

  private record Way(Route route, EdgeService service, Counter counter) {}

  /** No service of the control plane's can have such a name. */
  private static EdgeService serviceOf(Region region, URI url) {
    boolean tls = "https".equals(url.getScheme());
    int port = url.getPort() >= 0 ? url.getPort() : tls ? 443 : 80;
    return new EdgeService(
        "@" + region,
        List.of(
            new Endpoint(
                url.getHost().replaceAll("[\\[\\]]", ""),
                port,
                tls,
                OptionalInt.empty(),
                Optional.empty(),
                Optional.of(region))),
        Optional.of(tls ? Protocol.HTTP_2 : Protocol.HTTP_1_1),
        Optional.empty(),
        Optional.of(PATIENCE),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        // Its answers are those of many services.
        Optional.of(
            new OutlierDetection(
                OptionalInt.empty(), Optional.empty(), Optional.empty(), OptionalInt.of(0))),
        Optional.empty(),
        Optional.of(
            new Retries(
                OptionalInt.of(1), Optional.empty(), OptionalInt.empty(), Optional.empty())),
        Optional.of(
            new Concurrency(
                OptionalInt.of(MOST_REQUESTS),
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                OptionalInt.empty())),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /**
   * A request as it is passed on.
   *
   * @param refusal why it is not served here
   * @throws Rejection the refusal itself where it is not passed on, or if another gateway has
   *     passed it on already
   */
  public Signed passOn(Exchange exchange, Sanitized sanitized, Rejection.OutsideRegion refusal) {
    Way way = ways.get(refusal.region());
    if (way == null || !refusal.isPassedOn()) {
      throw refusal;
    }
    if (exchange.allHeaders().contains(ForwardableHeaders.PASSED_ON)) {
      throw Rejection.LoopDetected.BETWEEN_REGIONS;
    }
    way.counter.increment();
    exchange.passedOnTo(refusal.region().value());
    Tenant tenant = exchange.tenant().orElseThrow();
    TenantSource source = passesTenantOn ? TenantSource.HEADER : TenantSource.SUBDOMAIN;
    Resolved resolved = new Resolved(sanitized, directory.current(), tenant, source);
    Authenticated nobody = new Authenticated(resolved, tenant.anonymousByRoute());
    Admitted admitted = new Admitted(nobody, maxBodyBytes, Slots.UNLIMITED);
    Routed routed =
        new Routed(admitted, way.route, way.service, "", sanitized.target(), Edits.NONE);
    return new Signed(exchange, routed, "");
  }
}
