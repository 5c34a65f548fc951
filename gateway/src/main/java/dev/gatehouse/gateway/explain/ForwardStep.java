package dev.gatehouse.gateway.explain;

import dev.gatehouse.gateway.forward.DryRun.Outlook;
import dev.gatehouse.gateway.rejection.Rejection;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.stream.Stream;

/** The last stage, in words: whether the request would be sent, and to which endpoints it could. */
final class ForwardStep {
  private static final String STAGE = "forward";

  private ForwardStep() {}

  static Step of(ExplainedHead head, String service, Outlook outlook) {
    JsonObject facts = outlook.endpoints().copy();
    facts.put("concurrency", outlook.concurrency());
    outlook.breaker().ifPresent(breaker -> facts.put("breaker", breaker));
    Optional<Rejection> refusal = outlook.refusal();
    if (refusal.isPresent()) {
      Step refused = Refused.by(STAGE, head, refusal.get());
      return new Step(STAGE, false, refused.because(), refused.facts().mergeIn(facts));
    }
    return Step.passed(STAGE, inWords(service, facts), facts);
  }

  private static String inWords(String service, JsonObject facts) {
    long known = addresses(facts).count();
    long eligible = addresses(facts).filter(address -> address.getBoolean("eligible")).count();
    String whose = facts.getBoolean("own") ? "the tenant's own endpoints of " : "the endpoints of ";
    String choice =
        known == 0
            ? "of " + whose + service + " none has an address yet"
            : eligible
                + " of "
                + known
                + " addresses of "
                + whose
                + service
                + " may take it, by "
                + facts.getString("policy");
    String panic = facts.getBoolean("panic", false) ? ", as too few are fit to go by it" : "";
    String breaker =
        facts.containsKey("breaker")
            ? "; the circuit breaker is " + facts.getJsonObject("breaker").getString("state")
            : "";
    return choice + panic + breaker + "; " + places(facts.getJsonObject("concurrency"));
  }

  private static String places(JsonObject concurrency) {
    return "of "
        + concurrency.getInteger("limit")
        + " requests at once ("
        + concurrency.getString("limitIs")
        + ") "
        + concurrency.getInteger("inFlight")
        + " are in flight, of the tenant's "
        + concurrency.getInteger("tenantMayWait")
        + " places in the queue "
        + concurrency.getInteger("tenantWaiting")
        + " are taken";
  }

  private static Stream<JsonObject> addresses(JsonObject facts) {
    return objects(facts.getJsonArray("endpoints"))
        .flatMap(endpoint -> objects(endpoint.getJsonArray("addresses")));
  }

  private static Stream<JsonObject> objects(JsonArray array) {
    return array.stream().map(JsonObject.class::cast);
  }
}
