package dev.gatehouse.controlplane.audit;

import dev.gatehouse.contract.audit.AuditChain;
import dev.gatehouse.contract.security.Tally;
import dev.gatehouse.controlplane.api.Caller;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.RequestOrigin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Counts refusals that matter to security: tokens that are known but not valid, and what callers
 * may not do. They are written every few seconds, so that a flood becomes a number. Any thread.
 */
public final class Refusals {
  private static final int MAX_KINDS = 25;
  private static final int FORBIDDEN = 403;

  /** Rules that keep somebody from shutting everybody out. */
  private static final Set<Problem> RULES = Set.of(Problem.LAST_OPERATOR_TOKEN, Problem.LAST_OWNER);

  private final Tally<Refusal> tally = new Tally<>(MAX_KINDS);

  /**
   * A refusal, however often it happened.
   *
   * @param proved whether the actor was authenticated
   */
  private record Refusal(
      String action, Problem problem, Actor actor, boolean proved, String address) {

    Refusal by(Actor other) {
      return new Refusal(action, problem, other, proved, address);
    }

    /** Of a token that came with the request, only its id is known. */
    boolean lacksName() {
      return actor.name().isEmpty();
    }
  }

  void count(String operationId, RequestOrigin origin, Optional<Caller> caller, Problem problem) {
    boolean proved = problem != Problem.UNAUTHENTICATED;
    if (proved && problem.status() != FORBIDDEN && !RULES.contains(problem)) {
      return;
    }
    caller
        .map(Actor::of)
        .or(() -> origin.claimedToken().map(id -> new Actor("token", id, "")))
        .map(actor -> new Refusal(operationId, problem, actor, proved, origin.address()))
        .ifPresent(tally::count);
  }

  /** What was counted and is to be written. */
  static final class Taken {
    private final Map<Refusal, Long> counted;
    private final long others;

    private Taken(Map<Refusal, Long> counted, long others) {
      this.counted = counted;
      this.others = others;
    }

    boolean isEmpty() {
      return counted.isEmpty() && others == 0;
    }

    /**
     * What to write of it.
     *
     * @param namesOf names of those among these tokens that exist
     */
    List<AuditRecord> records(Function<Set<String>, Map<String, String>> namesOf) {
      return recordsOf(counted, others, namesOf);
    }
  }

  /** Takes what was counted; each refusal is given once. */
  Taken take() {
    return new Taken(tally.take(), tally.takeOthers());
  }

  /** It could not be written: it is counted on. */
  void giveBack(Taken taken) {
    taken.counted.forEach(tally::add);
    tally.addOthers(taken.others);
  }

  private static List<AuditRecord> recordsOf(
      Map<Refusal, Long> counted, long others, Function<Set<String>, Map<String, String>> namesOf) {
    Set<String> claimed =
        counted.keySet().stream()
            .filter(Refusal::lacksName)
            .map(refusal -> refusal.actor().id())
            .collect(Collectors.toSet());
    Map<String, String> names = claimed.isEmpty() ? Map.of() : namesOf.apply(claimed);
    Map<Refusal, Long> named = new HashMap<>();
    counted.forEach((refusal, times) -> named.merge(named(refusal, names), times, Long::sum));
    List<AuditRecord> records = new ArrayList<>();
    named.forEach((refusal, times) -> records.add(recordOf(refusal, times)));
    if (others > 0) {
      records.add(
          AuditRecord.of(AuditChain.PLATFORM, "refusals", Actor.UNKNOWN, "")
              .with("outcome", "refused")
              .with("count", others));
    }
    return records;
  }

  /** Of a token that does not exist nothing is said: anybody can make one up. */
  private static Refusal named(Refusal refusal, Map<String, String> names) {
    if (!refusal.lacksName()) {
      return refusal;
    }
    String id = refusal.actor().id();
    String kind = refusal.proved() ? "token" : "claimed-token";
    return names.containsKey(id)
        ? refusal.by(new Actor(kind, id, names.get(id)))
        : new Refusal("authenticate", refusal.problem(), Actor.UNKNOWN, refusal.proved(), "");
  }

  private static AuditRecord recordOf(Refusal refusal, long times) {
    return AuditRecord.of(AuditChain.PLATFORM, refusal.action(), refusal.actor(), "")
        .with("outcome", "refused")
        .with("problem", refusal.problem().type())
        .with("client", Map.of("address", refusal.address()))
        .with("count", times);
  }
}
