package dev.gatehouse.controlplane.identity;

import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.feed.EdgePublisher;
import dev.gatehouse.controlplane.secret.SealedSecret;
import dev.gatehouse.controlplane.secret.SecretColumn;
import dev.gatehouse.controlplane.secret.TenantSealers;
import dev.gatehouse.egress.EgressPolicy;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;

/**
 * The rules of what a tenant has one of at most: the server that is asked about tokens, and the
 * service that decides about requests. Who changes one has locked the tenant.
 */
public final class IdentitySettingService {
  private final IdentitySettingStore store = new IdentitySettingStore();
  private final FetchUrlRules urls;
  private final TenantSealers sealers;
  private final EdgePublisher publisher;
  private final InstantSource clock;

  /**
   * @param egress where gateways may be sent
   * @param sealers seal the secrets of clients
   * @param clock says when a secret was set
   */
  public IdentitySettingService(
      EgressPolicy egress, TenantSealers sealers, EdgePublisher publisher, InstantSource clock) {
    this.urls = new FetchUrlRules(egress);
    this.sealers = sealers;
    this.publisher = publisher;
    this.clock = clock;
  }

  /** A setting that was written, and the revision at which the edge knows of it. */
  record Published(IdentitySetting setting, long revision) {}

  Optional<IdentitySetting> lookUp(SqlConnection connection, UUID tenantId, SettingKind kind) {
    return store.find(connection, tenantId, kind);
  }

  IdentitySetting find(SqlConnection connection, UUID tenantId, SettingKind kind) {
    return lookUp(connection, tenantId, kind)
        .orElseThrow(
            () -> new ProblemException(kind.notFound(), "the tenant has no " + kind.wireName()));
  }

  /**
   * Makes one, or puts it in the place of the one that is there, of which nothing is left.
   *
   * @param wanted what the caller has sent, the secret among it
   */
  Published put(SqlConnection tx, UUID tenantId, SettingKind kind, JsonObject wanted) {
    JsonObject document = wanted.copy();
    Optional<SealedSecret> secret =
        secrets(tx, tenantId, kind).flatMap(all -> all.takeFrom(document, tenantId));
    return written(tx, tenantId, kind, document, secret);
  }

  /**
   * Changes one.
   *
   * @param patch the merge patch
   * @param patched what comes of it, the secret among it where the patch gives one
   */
  Published change(
      SqlConnection tx, IdentitySetting setting, JsonObject patch, JsonObject patched) {
    JsonObject document = patched.copy();
    UUID tenant = setting.tenantId();
    Optional<SealedSecret> secret =
        secrets(tx, tenant, setting.kind())
            .flatMap(all ->
                all.change(tenant, setting.clientSecret(), setting.document(), patch, document));
    return written(tx, tenant, setting.kind(), document, secret);
  }

  /** Returns the revision at which nobody is asked any more. */
  long delete(SqlConnection tx, IdentitySetting setting) {
    boolean _ = store.delete(tx, setting.tenantId(), setting.kind());
    return publisher.remove(tx, setting.kind().edge(), setting.tenantId().toString());
  }

  /** Erases those of a deleted tenant. */
  public boolean erase(SqlConnection tx, UUID tenantId) {
    for (SettingKind kind : SettingKind.values()) {
      if (store.delete(tx, tenantId, kind)) {
        long _ = publisher.remove(tx, kind.edge(), tenantId.toString());
      }
    }
    return true;
  }

  private Published written(
      SqlConnection tx,
      UUID tenantId,
      SettingKind kind,
      JsonObject document,
      Optional<SealedSecret> secret) {
    urls.check("/url", document.getString("url"));
    IdentitySetting setting = store.put(tx, tenantId, kind, document, secret);
    return new Published(
        setting, publisher.upsert(tx, setting.toEdge(secrets(tx, tenantId, kind))));
  }

  private Optional<ClientSecrets> secrets(SqlConnection tx, UUID tenant, SettingKind kind) {
    SecretColumn column =
        new SecretColumn(
            sealers.of(tx, tenant), "identity_setting.client_secret/" + kind.wireName());
    return kind.client().map(place -> new ClientSecrets(place, column, clock));
  }
}
