package dev.gatehouse.controlplane.api;

import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;

/** Where the API says what was done, and what was refused. */
public interface AuditTrail {
  /**
   * Records a change in its own transaction, as its last statement but those that keep the answer:
   * what cannot be recorded is not done.
   */
  void performed(SqlConnection tx, ApiRequest request, Answer answer);

  /**
   * Counts a refusal that matters to security; others are ignored. Returns at once, and never
   * fails: the refusal stands, whether it is recorded or not.
   *
   * @param operationId what was asked for
   * @param caller who asked; empty if that is not known
   */
  void refused(
      String operationId, RequestOrigin origin, Optional<Caller> caller, ProblemException problem);
}
