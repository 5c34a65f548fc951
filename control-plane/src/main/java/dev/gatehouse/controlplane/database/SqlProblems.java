package dev.gatehouse.controlplane.database;

import static java.util.Map.entry;

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
  /**
   * @param pointer empty where it is no one place in the body
   */
  private record Meaning(Problem problem, String pointer, String detail) {}

  private static final Map<String, Meaning> BY_CONSTRAINT =
      Map.ofEntries(
          entry(
              "tenant_slug_key",
              new Meaning(Problem.SLUG_TAKEN, "/slug", "belongs to another tenant already")),
          entry(
              "domain_pkey",
              new Meaning(Problem.HOST_TAKEN, "/host", "is registered for the tenant already")),
          entry(
              "domain_verified_key",
              new Meaning(Problem.HOST_TAKEN, "/host", "is registered already")),
          entry(
              "plan_pkey",
              new Meaning(Problem.PLAN_NAME_TAKEN, "/name", "is the name of a plan already")),
          entry(
              "blueprint_pkey",
              new Meaning(
                  Problem.BLUEPRINT_NAME_TAKEN, "/name", "is the name of a blueprint already")),
          entry(
              "rollout_open_key",
              new Meaning(Problem.ROLLOUT_OPEN, "", "another rollout of it is under way")),
          entry(
              "partition_pkey",
              new Meaning(
                  Problem.PARTITION_NAME_TAKEN, "/name", "is the name of a partition already")),
          entry(
              "placement_partition_fkey",
              new Meaning(Problem.PARTITION_IN_USE, "", "tenants are in it")),
          entry(
              "service_pkey",
              new Meaning(Problem.SERVICE_NAME_TAKEN, "/name", "is the name of a service already")),
          entry(
              "route_match_key",
              new Meaning(
                  Problem.ROUTE_TAKEN,
                  "",
                  "another route has the same hosts, path, methods and headers")),
          // Those who write references hold what they name, so only a deletion can break these.
          entry(
              "tenant_plan_fkey",
              new Meaning(Problem.PLAN_IN_USE, "", "move its tenants to another plan first")),
          entry(
              "route_service_service_fkey",
              new Meaning(
                  Problem.SERVICE_IN_USE,
                  "",
                  "routes lead to the service: delete or change them first")),
          entry(
              "tenant_service_service_fkey",
              new Meaning(
                  Problem.SERVICE_IN_USE,
                  "",
                  "tenants have overrides that name the service: change them first")),
          entry(
              "platform_user_identity_key",
              new Meaning(Problem.IDENTITY_TAKEN, "/subject", "belongs to a user already")),
          entry(
              "membership_pkey",
              new Meaning(Problem.ALREADY_MEMBER, "", "the user is a member already")),
          entry(
              "membership_user_fkey", new Meaning(Problem.USER_NOT_FOUND, "", "the user is gone")),
          entry(
              "membership_last_owner",
              new Meaning(
                  Problem.LAST_OWNER,
                  "",
                  "a tenant that has an owner keeps one: make another member an owner first")),
          entry(
              "membership_role_fkey",
              new Meaning(
                  Problem.ROLE_IN_USE, "", "members have the role: give them another one first")),
          entry(
              "invitation_role_fkey",
              new Meaning(
                  Problem.ROLE_IN_USE, "", "open invitations have the role: revoke them first")),
          entry(
              "invitation_email_key",
              new Meaning(
                  Problem.ALREADY_INVITED,
                  "/email",
                  "has an open invitation already: revoke it first")),
          entry(
              "tenant_role_pkey",
              new Meaning(Problem.ROLE_NAME_TAKEN, "/name", "is the name of a role already")),
          entry(
              "identity_provider_name_key",
              new Meaning(
                  Problem.IDENTITY_PROVIDER_NAME_TAKEN,
                  "/name",
                  "is the name of an identity provider already")),
          entry(
              "identity_provider_issuer_key",
              new Meaning(Problem.ISSUER_TAKEN, "/issuer", "is an identity provider's already")),
          entry(
              "client_authority_name_key",
              new Meaning(
                  Problem.CLIENT_AUTHORITY_NAME_TAKEN,
                  "/name",
                  "is the name of a client authority already")));

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
    return meaning.pointer().isEmpty()
        ? new ProblemException(meaning.problem(), meaning.detail())
        : new ProblemException(
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
