package dev.gatehouse.controlplane.database;

import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** What a refusal of PostgreSQL means to a caller of the API. */
final class SqlProblems {
  private record Meaning(Problem problem, String pointer, String detail) {}

  private static final Map<String, Meaning> BY_CONSTRAINT =
      Map.of(
          "tenant_slug_key",
          new Meaning(Problem.SLUG_TAKEN, "/slug", "belongs to another tenant already"),
          "domain_pkey",
          new Meaning(Problem.HOST_TAKEN, "/host", "is registered already"),
          "service_pkey",
          new Meaning(Problem.SERVICE_NAME_TAKEN, "/name", "is the name of a service already"),
          "route_match_key",
          new Meaning(
              Problem.ROUTE_TAKEN, "", "has the hosts, pathPrefix and methods of another route"),
          "route_service_fkey",
          new Meaning(Problem.UNKNOWN_SERVICE, "/service", "must name a service that exists"));

  private SqlProblems() {}

  /** The exception to throw in place of what a query or the features' own code threw. */
  static RuntimeException translate(Exception thrown) {
    return switch (thrown) {
      case ProblemException problem -> problem;
      case PgException refusal ->
          meaning(refusal)
              .<RuntimeException>map(SqlProblems::problem)
              .orElseGet(() -> isPassing(refusal) ? unavailable(refusal) : refusal);
      case VertxException lost -> unavailable(lost);
      case RuntimeException bug -> bug;
      case IOException lost -> unavailable(lost);
      case TimeoutException late -> unavailable(late);
      case InterruptedException stopped -> {
        Thread.currentThread().interrupt();
        yield unavailable(stopped);
      }
      default -> new IllegalStateException(thrown);
    };
  }

  private static Optional<Meaning> meaning(PgException refusal) {
    return Optional.ofNullable(BY_CONSTRAINT.get(String.valueOf(refusal.getConstraint())));
  }

  private static ProblemException problem(Meaning meaning) {
    return new ProblemException(
        meaning.problem(), List.of(Fault.at(meaning.pointer(), meaning.detail())));
  }

  /** Deadlock, shutdown, too many connections and the like: the same request may succeed later. */
  private static boolean isPassing(PgException refusal) {
    String state = String.valueOf(refusal.getSqlState());
    return state.startsWith("08")
        || state.startsWith("40")
        || state.startsWith("53")
        || state.startsWith("57")
        || state.equals("25006"); // read-only: a standby during failover
  }

  private static ProblemException unavailable(Exception cause) {
    return new ProblemException(Problem.UNAVAILABLE, "the database did not answer: " + cause)
        .withHeader("Retry-After", "1");
  }
}
