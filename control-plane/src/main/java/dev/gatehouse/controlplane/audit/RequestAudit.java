package dev.gatehouse.controlplane.audit;

import dev.gatehouse.contract.audit.AuditChain;
import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.api.AuditTrail;
import dev.gatehouse.controlplane.api.Caller;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.api.RequestOrigin;
import io.vertx.sqlclient.SqlConnection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Writes down what the API does: in the tenant's chain where it is about one. */
public final class RequestAudit implements AuditTrail {
  private static final String TENANT = "tenant";
  private static final Pattern UUID_FORM =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private final AuditService audit;
  private final TenantIds tenants;
  private final Refusals refusals;

  /**
   * @param tenants finds whose chain it is
   * @param refusals counts what is refused
   */
  public RequestAudit(AuditService audit, TenantIds tenants, Refusals refusals) {
    this.audit = audit;
    this.tenants = tenants;
    this.refusals = refusals;
  }

  /** The id of a tenant that a path names by its slug. */
  @FunctionalInterface
  public interface TenantIds {
    /** Its id. */
    UUID of(SqlConnection tx, String slug);
  }

  @Override
  public void performed(SqlConnection tx, ApiRequest request, Answer answer) {
    Optional<UUID> tenant =
        answer.change().tenant().or(() -> request.parameter(TENANT).map(name -> idOf(tx, name)));
    String resource =
        answer
            .location()
            .orElseGet(() -> request.resource(name -> parameter(request, name, tenant)));
    Actor actor = request.caller().map(Actor::of).orElse(Actor.UNKNOWN);
    RequestOrigin origin = request.origin();
    audit.append(
        tx,
        AuditRecord.of(tenant.orElse(AuditChain.PLATFORM), request.operationId(), actor, resource)
            .with("outcome", "done")
            .with("client", Map.of("address", origin.address(), "userAgent", origin.userAgent()))
            .with("requestId", origin.requestId())
            .withDocument("before", answer.change().before())
            .withDocument("after", answer.body()));
  }

  @Override
  public void refused(
      String operationId, RequestOrigin origin, Optional<Caller> caller, ProblemException problem) {
    refusals.count(operationId, origin, caller, problem.problem());
  }

  private UUID idOf(SqlConnection tx, String name) {
    return UUID_FORM.matcher(name).matches() ? UUID.fromString(name) : tenants.of(tx, name);
  }

  private static String parameter(ApiRequest request, String name, Optional<UUID> tenant) {
    return name.equals(TENANT) && tenant.isPresent() ? tenant.get().toString() : request.path(name);
  }
}
