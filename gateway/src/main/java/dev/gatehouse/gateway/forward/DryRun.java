package dev.gatehouse.gateway.forward;

import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.route.Routed;
import dev.gatehouse.gateway.share.BreakerView;
import dev.gatehouse.gateway.upstream.Prospect;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * What the forwarder would do with a request now, by the breakers and endpoints that decide about
 * real ones. Sends nothing and takes nothing. Any thread.
 */
public final class DryRun {
  private final Shared shared;

  public DryRun(Shared shared) {
    this.shared = shared;
  }

  /** Looks at all that a request to a service meets, in the order in which it does. */
  public Outlook of(Routed request) {
    EdgeService service = request.service();
    Tenant tenant = request.request().request().request().tenant();
    Optional<BreakerView> breaker = shared.breakers().look(service, tenant);
    Prospect prospect = shared.upstreams().prospect(service, tenant);
    return new Outlook(
        breaker.map(BreakerView::described),
        shared.shareMeters().look(service, tenant).described(),
        prospect.endpoints(),
        breaker
            .flatMap(BreakerView::refusal)
            .or(() -> prospect.none().map(UpstreamFaults::nowhere)));
  }

  /**
   * What was seen.
   *
   * @param breaker the circuit breaker; empty if there is none
   * @param concurrency how many requests the service gets at once, has and keeps waiting
   * @param endpoints those that the request would choose among, each with its state
   * @param refusal what the client would get; empty if the request would be sent
   */
  public record Outlook(
      Optional<JsonObject> breaker,
      JsonObject concurrency,
      JsonObject endpoints,
      Optional<Rejection> refusal) {}
}
