package dev.gatehouse.controlplane.tenant;

import static dev.gatehouse.controlplane.database.SqlTime.instant;

import dev.gatehouse.contract.tenant.Slug;
import dev.gatehouse.contract.tenant.TenantStatus;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Tenants in PostgreSQL. */
final class TenantStore {
  static final String COLUMNS =
      """
      id, slug, name, status, status_reason, document, version, created_at, updated_at, erased_at,
      key_withheld_at
      """;

  private static final String INSERT =
      """
      INSERT INTO tenant (id, slug, name, status, document) VALUES ($1, $2, $3, $4, $5)
      RETURNING
      """
          + COLUMNS;

  /** Leaves out those whose slug is taken. */
  private static final String INSERT_IF_FREE =
      """
      INSERT INTO tenant (id, slug, name, status, document) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT ON CONSTRAINT tenant_slug_key DO NOTHING
      RETURNING
      """
          + COLUMNS;

  private static final String UPDATE =
      """
      UPDATE tenant
         SET slug = $2, name = $3, status = $4, status_reason = $5, document = $6,
             version = version + 1, updated_at = now()
       WHERE id = $1
      RETURNING
      """
          + COLUMNS;

  private static final String PUT_KEY =
      """
      UPDATE tenant
         SET customer_key = $2, key_withheld_at = $3, version = version + 1, updated_at = now()
       WHERE id = $1
      RETURNING
      """
          + COLUMNS;

  /** A tenant is found by its id or its slug; a slug never looks like a UUID. */
  private static final String FIND =
      "SELECT " + COLUMNS + " FROM tenant WHERE status <> 'deleted' AND ";

  private static final String BY_ID = FIND + "id = $1";
  private static final String BY_SLUG = FIND + "slug = $1";
  private static final String LOCKED = " FOR NO KEY UPDATE";

  private static final String FORGET_SERVICES = "DELETE FROM tenant_service WHERE tenant_id = $1";

  private static final String KEEP_SERVICES =
      "INSERT INTO tenant_service (tenant_id, service) SELECT $1, unnest($2::text[])";

  private static final String ERASE =
      """
      UPDATE tenant
         SET name = slug, document = '{}', erased_at = now(), customer_key = NULL, key_withheld_at = NULL
       WHERE id = $1 AND status = 'deleted'
      """;

  Tenant insert(SqlConnection tx, UUID id, TenantDraft draft, TenantStatus status) {
    return one(tx.preparedQuery(INSERT).execute(values(id, draft, status)).await());
  }

  /** Those of the tenants whose slugs were free. */
  List<Tenant> insertAll(SqlConnection tx, List<BulkDraft> drafts) {
    List<Tuple> values =
        drafts.stream().map(one -> values(one.id(), one.draft(), one.status())).toList();
    List<Tenant> inserted = new ArrayList<>();
    RowSet<Row> rows = tx.preparedQuery(INSERT_IF_FREE).executeBatch(values).await();
    while (rows != null) {
      stream(rows).forEach(inserted::add);
      rows = rows.next();
    }
    return inserted;
  }

  Tenant update(SqlConnection tx, Tenant changed) {
    return one(
        tx.preparedQuery(UPDATE)
            .execute(
                Tuple.of(
                    changed.id(),
                    changed.slug().value(),
                    changed.name(),
                    changed.status().wireName(),
                    changed.statusReason().orElse(null),
                    changed.document()))
            .await());
  }

  /** Says which key of its own wraps its keysets, and since when that is withheld. */
  Tenant putKey(
      SqlConnection tx, UUID id, Optional<UUID> customerKey, Optional<Instant> withheldAt) {
    OffsetDateTime since = withheldAt.map(instant -> instant.atOffset(ZoneOffset.UTC)).orElse(null);
    Tuple values = Tuple.of(id, customerKey.orElse(null), since);
    return one(tx.preparedQuery(PUT_KEY).execute(values).await());
  }

  /** Says which services cannot be deleted while the tenant is there, in place of earlier ones. */
  void keepServices(SqlConnection tx, UUID id, Set<String> services) {
    tx.preparedQuery(FORGET_SERVICES).execute(Tuple.of(id)).await();
    addServices(tx, id, services);
  }

  /** The same for a new tenant. */
  void addServices(SqlConnection tx, UUID id, Set<String> services) {
    if (!services.isEmpty()) {
      Tuple values = Tuple.of(id, (Object) services.toArray(String[]::new));
      tx.preparedQuery(KEEP_SERVICES).execute(values).await();
    }
  }

  void erase(SqlConnection tx, UUID id) {
    tx.preparedQuery(ERASE).execute(Tuple.of(id)).await();
  }

  Optional<Tenant> find(SqlConnection connection, TenantName name) {
    return find(connection, name, "");
  }

  /** The tenant, which no other transaction changes until this one ends. */
  Optional<Tenant> lock(SqlConnection tx, TenantName name) {
    return find(tx, name, LOCKED);
  }

  private static Optional<Tenant> find(SqlConnection connection, TenantName name, String suffix) {
    var query =
        switch (name) {
          case TenantName.Id(UUID id) ->
              connection.preparedQuery(BY_ID + suffix).execute(Tuple.of(id));
          case TenantName.OfSlug(String slug) ->
              connection.preparedQuery(BY_SLUG + suffix).execute(Tuple.of(slug));
        };
    return stream(query.await()).findFirst();
  }

  List<Tenant> list(SqlConnection connection, TenantQuery query) {
    return stream(connection.preparedQuery(query.sql()).execute(query.values()).await()).toList();
  }

  private static Tuple values(UUID id, TenantDraft draft, TenantStatus status) {
    return Tuple.of(id, draft.slug().value(), draft.name(), status.wireName(), draft.document());
  }

  private static Tenant one(Iterable<Row> rows) {
    return stream(rows).findFirst().orElseThrow();
  }

  private static Stream<Tenant> stream(Iterable<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false).map(TenantStore::tenant);
  }

  private static Tenant tenant(Row row) {
    return new Tenant(
        row.getUUID("id"),
        new Slug(row.getString("slug")),
        row.getString("name"),
        TenantStatus.fromWireName(row.getString("status")),
        Optional.ofNullable(row.getString("status_reason")),
        (JsonObject) row.getJson("document"),
        row.getLong("version"),
        row.getOffsetDateTime("created_at").toInstant(),
        row.getOffsetDateTime("updated_at").toInstant(),
        instant(row, "erased_at"),
        instant(row, "key_withheld_at"));
  }
}
