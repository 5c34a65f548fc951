package dev.gatehouse.controlplane.api;

import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.feed.GatewayFleet;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.Optional;

/**
 * Does what a valid request asks for: a change in a transaction, once, with its entry in the audit
 * trail; then it waits for the gateways where the caller wants that.
 */
final class Performer {
  private final Database database;
  private final IdempotencyStore idempotency;
  private final GatewayFleet fleet;
  private final AuditTrail audit;

  Performer(Database database, IdempotencyStore idempotency, GatewayFleet fleet, AuditTrail audit) {
    this.database = database;
    this.idempotency = idempotency;
    this.fleet = fleet;
    this.audit = audit;
  }

  Outcome read(ApiRequest request, Api.Action action) {
    return Outcome.of(database.withConnection(connection -> action.perform(request, connection)));
  }

  Outcome change(RequestParts parts, ApiRequest request, Buffer body, Api.Action action) {
    Optional<IdempotencyKey> key = idempotencyKey(parts, request, body);
    Answer answer = database.inTransaction(tx -> performOnce(tx, key, request, action));
    Optional<Duration> wait =
        answer.revision().isPresent()
            ? WaitPreference.in(parts.header("Prefer"))
            : Optional.empty();
    return wait.map(time ->
            new Outcome(answer, wait, fleet.awaitApplied(answer.revision().getAsLong(), time)))
        .orElseGet(() -> Outcome.of(answer));
  }

  /**
   * @throws ProblemException if the header is not what it must be
   */
  static Optional<IdempotencyKey> idempotencyKey(
      RequestParts parts, ApiRequest request, Buffer body) {
    if (!request.operation().method().equals(HttpMethod.POST) || request.caller().isEmpty()) {
      return Optional.empty();
    }
    return IdempotencyKey.read(
        parts.header(IdempotencyKey.HEADER), request.caller().get(), parts.line(), body);
  }

  private Answer performOnce(
      SqlConnection tx, Optional<IdempotencyKey> key, ApiRequest request, Api.Action action) {
    if (key.isEmpty()) {
      return performAudited(tx, request, action);
    }
    Optional<Answer> earlier = idempotency.begin(tx, key.get());
    if (earlier.isPresent()) {
      return earlier.get();
    }
    Answer answer = performAudited(tx, request, action);
    idempotency.keep(tx, key.get(), answer);
    return answer;
  }

  private Answer performAudited(SqlConnection tx, ApiRequest request, Api.Action action) {
    Answer answer = action.perform(request, tx);
    audit.performed(tx, request, answer);
    return answer;
  }
}
