package dev.gatehouse.controlplane.customerkey;

import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.tenant.Tenant;
import dev.gatehouse.controlplane.tenant.TenantService;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** {@code /v1/tenants/{tenant}/key-encryption-key}. */
public final class CustomerKeyRoutes {
  private final CustomerKeyService keys;
  private final TenantService tenants;
  private final Database database;

  /**
   * @param database is asked before key services are
   */
  public CustomerKeyRoutes(CustomerKeyService keys, TenantService tenants, Database database) {
    this.keys = keys;
    this.tenants = tenants;
    this.database = database;
  }

  /** Binds the operations. */
  public void bind(Api api) {
    api.perform("getKeyEncryptionKey", this::get)
        .performAfter("putKeyEncryptionKey", this::put)
        .perform("deleteKeyEncryptionKey", this::delete);
  }

  private Answer get(ApiRequest request, SqlConnection connection) {
    Tenant tenant = tenants.find(connection, request.path("tenant"));
    CustomerKey key = keys.find(connection, tenant.id());
    return Answer.ok(key.toJson()).withVersion(key.version());
  }

  private Api.Action put(ApiRequest request) {
    record Found(UUID tenant, Optional<CustomerKey> before) {}
    Found found =
        database.withConnection(connection -> {
          UUID id = tenants.find(connection, request.path("tenant")).id();
          return new Found(id, keys.lookUp(connection, id));
        });
    CustomerKeyService.Prepared prepared =
        keys.prepare(found.tenant(), request.body(), found.before());
    return (_, tx) -> put(request, tx, prepared);
  }

  private Answer put(ApiRequest request, SqlConnection tx, CustomerKeyService.Prepared prepared) {
    Tenant tenant = tenants.lock(tx, request.path("tenant"));
    Optional<CustomerKey> before = keys.lookUp(tx, tenant.id());
    before.ifPresentOrElse(
        key -> request.requireVersion(key.version()), () -> requireNoVersion(request));
    CustomerKeyService.Written written = keys.put(tx, tenant, prepared);
    String location = "/v1/tenants/" + tenant.id() + "/key-encryption-key";
    Answer answer =
        before
            .map(key -> Answer.ok(written.key().toJson()).replacing(key.toJson()))
            .orElseGet(() -> Answer.created(location, written.key().toJson()));
    return atRevision(answer.withVersion(written.key().version()), written.revision())
        .onTenant(tenant.id());
  }

  private static void requireNoVersion(ApiRequest request) {
    if (request.ifMatch().isPresent()) {
      throw new ProblemException(
          Problem.VERSION_STALE,
          "If-Match is " + request.ifMatch().get() + ", and there is nothing: it was deleted");
    }
  }

  private Answer delete(ApiRequest request, SqlConnection tx) {
    Tenant tenant = tenants.lock(tx, request.path("tenant"));
    CustomerKey key = keys.find(tx, tenant.id());
    request.requireVersion(key.version());
    OptionalLong revision = keys.delete(tx, tenant);
    return atRevision(Answer.noContent(), revision).onTenant(tenant.id()).replacing(key.toJson());
  }

  private static Answer atRevision(Answer answer, OptionalLong revision) {
    return revision.isPresent() ? answer.atRevision(revision.getAsLong()) : answer;
  }
}
