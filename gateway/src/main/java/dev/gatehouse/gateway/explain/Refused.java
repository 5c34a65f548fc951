package dev.gatehouse.gateway.explain;

import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.rejection.Rejections;
import io.vertx.core.json.JsonObject;

/** The stage that ended a request. */
final class Refused {
  private Refused() {}

  /** For somebody of a tenant: the request is another tenant's, or nobody's. */
  static Step elsewhere() {
    Rejections.Answer answer = Rejections.answerTo(Rejection.UnknownHost.INSTANCE);
    return new Step(
        "resolve",
        false,
        "it does not lead to this tenant: no host of it, and nothing else by which the gateway"
            + " would know it, is named",
        JsonObject.of("status", answer.status(), "type", answer.type()));
  }

  static Step by(String stage, ExplainedHead head, Rejection rejection) {
    Rejections.Answer answer = Rejections.answerTo(rejection);
    JsonObject facts = JsonObject.of("status", answer.status());
    if (rejection instanceof Rejection.Redirected redirected) {
      facts.put("location", redirected.location());
      return new Step(
          stage,
          false,
          answer.status() + ": the client is sent to " + redirected.location(),
          facts);
    }
    if (rejection instanceof Rejection.OutsideRegion outside && outside.isPassedOn()) {
      String gateway = outside.gateway().orElseThrow().toString();
      return new Step(
          stage,
          true,
          "the tenant is served in the region "
              + outside.region()
              + " alone: "
              + gateway
              + ", a gateway of that region, is passed the request and decides about it",
          JsonObject.of("region", outside.region().value(), "gateway", gateway));
    }
    facts.put("type", answer.type());
    // Not told to clients, but to operators: a tenant may be there, and not be served.
    head.tenant()
        .ifPresent(tenant ->
            facts.put(
                "tenant",
                JsonObject.of(
                    "id", tenant.id(),
                    "slug", tenant.slug(),
                    "status", tenant.edge().status().wireName())));
    if (rejection instanceof Rejection.OutsideRegion outside) {
      facts.put("region", outside.region().value());
      outside.gateway().ifPresent(url -> facts.put("gateway", url.toString()));
    }
    String fault = "";
    if (rejection instanceof Rejection.Unauthenticated refused && !refused.tokenFault().isEmpty()) {
      facts.put("tokenFault", refused.tokenFault());
      fault = " (" + refused.tokenFault() + ")";
    }
    return new Step(
        stage,
        false,
        answer.status() + " " + answer.problem() + ": " + rejection.detail() + fault,
        facts);
  }
}
