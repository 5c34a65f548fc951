package dev.gatehouse.controlplane.tenant;

import dev.gatehouse.contract.tenant.Slug;
import dev.gatehouse.contract.tenant.TenantStatus;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** Tenants in PostgreSQL. */
final class TenantStore {
  private static final String COLUMNS =
      "id, slug, name, status, status_reason, document, version, created_at, updated_at";

  private static final String INSERT =
      """
      INSERT INTO tenant (id, slug, name, status, document) VALUES ($1, $2, $3, $4, $5)
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

  /** A tenant is found by its id or its slug; a slug never looks like a UUID. */
  private static final String FIND =
      "SELECT " + COLUMNS + " FROM tenant WHERE status <> 'deleted' AND ";

  private static final String BY_ID = FIND + "id = $1";
  private static final String BY_SLUG = FIND + "slug = $1";
  private static final String LOCKED = " FOR NO KEY UPDATE";

  private static final String FORGET_SERVICES = "DELETE FROM tenant_service WHERE tenant_id = $1";

  private static final String KEEP_SERVICES =
      "INSERT INTO tenant_service (tenant_id, service) SELECT $1, unnest($2::text[])";

  Tenant insert(SqlConnection tx, UUID id, TenantDraft draft, TenantStatus status) {
    return one(
        tx.preparedQuery(INSERT)
            .execute(
                Tuple.of(
                    id, draft.slug().value(), draft.name(), status.wireName(), draft.document()))
            .await());
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

  /** Says which services cannot be deleted while the tenant is there, in place of earlier ones. */
  void keepServices(SqlConnection tx, UUID id, Set<String> services) {
    tx.preparedQuery(FORGET_SERVICES).execute(Tuple.of(id)).await();
    Tuple values = Tuple.of(id, (Object) services.toArray(String[]::new));
    tx.preparedQuery(KEEP_SERVICES).execute(values).await();
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

  /** Tenants in the order of their ids, which is the order of their creation. */
  List<Tenant> list(
      SqlConnection connection, TenantFilter filter, Optional<UUID> after, int count) {
    List<String> conditions = new ArrayList<>();
    Tuple values = Tuple.tuple();
    filter
        .status()
        .ifPresentOrElse(
            status -> conditions.add("status = $" + bind(values, status)),
            () -> conditions.add("status <> 'deleted'"));
    filter.slug().ifPresent(slug -> conditions.add("slug = $" + bind(values, slug)));
    filter
        .search()
        .ifPresent(text -> {
          int place = bind(values, "%" + text.replaceAll("([%_\\\\])", "\\\\$1") + "%");
          conditions.add("(slug ILIKE $" + place + " OR name ILIKE $" + place + ")");
        });
    after.ifPresent(id -> conditions.add("id > $" + bind(values, id)));
    String sql =
        "SELECT "
            + COLUMNS
            + " FROM tenant WHERE "
            + String.join(" AND ", conditions)
            + " ORDER BY id LIMIT $"
            + bind(values, count);
    return stream(connection.preparedQuery(sql).execute(values).await()).toList();
  }

  private static int bind(Tuple values, Object value) {
    values.addValue(value);
    return values.size();
  }

  private static Tenant one(Iterable<Row> rows) {
    return stream(rows).findFirst().orElseThrow();
  }

  private static java.util.stream.Stream<Tenant> stream(Iterable<Row> rows) {
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
        row.getOffsetDateTime("updated_at").toInstant());
  }
}
