package dev.gatehouse.gateway.authenticate.decision;

import dev.gatehouse.contract.context.TenantContext;
import dev.gatehouse.contract.edge.EdgeForwardAuth;
import dev.gatehouse.egress.EgressClient.Call;
import dev.gatehouse.gateway.RequestHead;
import dev.gatehouse.gateway.admit.ForwardableHeaders;
import dev.gatehouse.gateway.admit.Sanitized;
import dev.gatehouse.gateway.authenticate.Authentication;
import dev.gatehouse.gateway.authenticate.Evidence;
import dev.gatehouse.gateway.authenticate.Evidence.Verdict;
import dev.gatehouse.gateway.authenticate.Proof;
import dev.gatehouse.gateway.authenticate.ProofReader;
import dev.gatehouse.gateway.authenticate.VerdictMeters;
import dev.gatehouse.gateway.authenticate.remote.ProviderCalls;
import dev.gatehouse.gateway.bounds.Bound;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.resolve.Resolved;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a tenant's service about each request, by what came before its body. Nothing is remembered
 * of the answers. Shared by all event loops; never blocks.
 */
public final class DecisionService implements ProofReader {
  /** Read so that the connection can be used again, and thrown away. */
  @Bound(
      of = "the body of a decision service's answer",
      unit = "bytes",
      atIt = "counts as no answer: 503",
      metric = "gatehouse_decisions_total{outcome=\"unavailable\"}")
  private static final int MAX_ANSWER_BYTES = 16 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(DecisionService.class);

  private final ProviderCalls calls;
  private final VerdictMeters meters;

  public DecisionService(ProviderCalls calls, MeterRegistry metrics) {
    this.calls = calls;
    this.meters =
        new VerdictMeters(
            metrics,
            "gatehouse.decisions",
            "Requests that a decision service was asked about",
            "let-in");
  }

  /** The answer is found out for this one request: it never waits for another's. */
  @Override
  public Proof read(Resolved request, Evidence evidence) {
    UUID tenant = request.tenant().edge().id();
    Optional<EdgeForwardAuth> service = request.directory().identities().forwardAuthOf(tenant);
    if (service.isEmpty()) {
      return Proof.NONE;
    }
    return evidence
        .about(service.get())
        .map(Evidence::proofOf)
        .orElseGet(() ->
            new Authentication.Awaited(
                ask(service.get(), request)
                    .map(verdict -> Optional.of(new Evidence.Finding(service.get(), verdict))),
                Rejection.IdentityProviderUnavailable.DECISION));
  }

  private Future<Verdict> ask(EdgeForwardAuth service, Resolved request) {
    return calls
        .callFor(service.tenantId(), question(service, request))
        .map(answer -> DecisionAnswer.read(service, answer))
        .recover(failure -> {
          LOG.warn("decision service at {}: {}", service.url(), failure.getMessage());
          return Future.succeededFuture(
              new Verdict.Refused(Rejection.IdentityProviderUnavailable.DECISION));
        })
        .onSuccess(meters::count);
  }

  private static Call question(EdgeForwardAuth service, Resolved request) {
    Sanitized asked = request.request();
    RequestHead head = asked.head();
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    for (String name : service.requestHeaders().orElse(EdgeForwardAuth.DEFAULT_REQUEST_HEADERS)) {
      for (String value : head.allHeaders().getAll(name)) {
        ForwardableHeaders.addWithoutOwn(name, value, headers);
      }
    }
    headers
        .add("X-Forwarded-Method", head.method().name())
        .add("X-Forwarded-Proto", head.scheme())
        .add("X-Forwarded-Host", asked.host())
        .add("X-Forwarded-Uri", asked.target())
        .add("X-Forwarded-For", head.forwardedFor())
        .add(TenantContext.ID_HEADER, request.tenant().id())
        .add(TenantContext.SLUG_HEADER, request.tenant().slug());
    return new Call(
        HttpMethod.GET,
        URI.create(service.url()),
        headers,
        Buffer.buffer(),
        MAX_ANSWER_BYTES,
        service.timeout().orElse(EdgeForwardAuth.DEFAULT_TIMEOUT));
  }
}
