package dev.gatehouse.gateway.authenticate.introspection;

import dev.gatehouse.contract.edge.EdgeIntrospection;
import dev.gatehouse.gateway.authenticate.Evidence;
import dev.gatehouse.gateway.authenticate.cache.KnownTokens;
import dev.gatehouse.gateway.authenticate.cache.TokenDigest;
import dev.gatehouse.gateway.authenticate.claims.ClaimRules;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The authorization server of one tenant, and what it has said. Replaced, never changed, when the
 * feed says something new of it: it is then asked again about every token. Any thread.
 */
public final class TenantIntrospection {
  private final EdgeIntrospection edge;
  private final ClaimRules rules;
  private final KnownTokens<Evidence.Verdict> known = new KnownTokens<>();

  /** As many as there may be calls for one tenant. */
  private final Map<TokenDigest, Future<Evidence.Verdict>> asked = new ConcurrentHashMap<>(4);

  public TenantIntrospection(EdgeIntrospection edge) {
    this.edge = edge;
    this.rules = new ClaimRules(edge.claims(), edge.requiredClaims());
  }

  /** What the control plane said of it. */
  public EdgeIntrospection edge() {
    return edge;
  }

  ClaimRules rules() {
    return rules;
  }

  KnownTokens<Evidence.Verdict> known() {
    return known;
  }

  /** Asks once, however many requests want to know at the same time. */
  Future<Evidence.Verdict> ask(TokenDigest token, Supplier<Future<Evidence.Verdict>> call) {
    Promise<Evidence.Verdict> mine = Promise.promise();
    Future<Evidence.Verdict> before = asked.putIfAbsent(token, mine.future());
    if (before != null) {
      return before;
    }
    Future.succeededFuture()
        .compose(_ -> call.get())
        .onComplete((verdict, failure) -> {
          asked.remove(token);
          mine.complete(verdict, failure);
        });
    return mine.future();
  }
}
