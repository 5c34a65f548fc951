package dev.gatehouse.controlplane.domain;

import dev.gatehouse.contract.tenant.Slug;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Slugs that tenants had, in PostgreSQL. */
final class FormerSlugStore {
  private static final String KEEP =
      """
      INSERT INTO former_slug (slug, tenant_id, kept_until) VALUES ($1, $2, $3)
      ON CONFLICT (slug) DO UPDATE
         SET tenant_id = excluded.tenant_id, kept_until = excluded.kept_until
      """;

  private static final String FORGET_OLDEST =
      """
      DELETE FROM former_slug
       WHERE slug IN (SELECT slug FROM former_slug WHERE tenant_id = $1
                       ORDER BY kept_until DESC OFFSET $2)
      """;

  private static final String FORGET =
      "DELETE FROM former_slug WHERE slug = $1 AND (tenant_id = $2 OR kept_until <= $3)";

  private static final String OF_TENANT =
      "SELECT slug FROM former_slug WHERE tenant_id = $1 AND kept_until > $2 ORDER BY slug";

  private static final String KEPT_UNTIL =
      "SELECT kept_until FROM former_slug WHERE slug = $1 AND tenant_id = $2";

  private static final String KEPT_FOR_ANOTHER =
      "SELECT FROM former_slug WHERE slug = $1 AND tenant_id <> $2 AND kept_until > $3";

  private static final String KEPT_AMONG =
      "SELECT slug FROM former_slug WHERE slug = ANY ($1) AND kept_until > $2";

  private static final String FORGET_ALL = "DELETE FROM former_slug WHERE tenant_id = $1";

  void keep(SqlConnection tx, Slug slug, UUID tenantId, Instant until, int most) {
    Tuple values = Tuple.of(slug.value(), tenantId, until.atOffset(ZoneOffset.UTC));
    tx.preparedQuery(KEEP).execute(values).await();
    tx.preparedQuery(FORGET_OLDEST).execute(Tuple.of(tenantId, most)).await();
  }

  /** Forgets a slug that was the tenant's, or that is kept for nobody any more. */
  void forget(SqlConnection tx, Slug slug, UUID tenantId, Instant now) {
    Tuple values = Tuple.of(slug.value(), tenantId, now.atOffset(ZoneOffset.UTC));
    tx.preparedQuery(FORGET).execute(values).await();
  }

  List<Slug> ofTenant(SqlConnection connection, UUID tenantId, Instant now) {
    Tuple values = Tuple.of(tenantId, now.atOffset(ZoneOffset.UTC));
    var rows = connection.preparedQuery(OF_TENANT).execute(values).await();
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row -> new Slug(row.getString("slug")))
        .toList();
  }

  Optional<Instant> keptUntil(SqlConnection connection, Slug slug, UUID tenantId) {
    var rows =
        connection.preparedQuery(KEPT_UNTIL).execute(Tuple.of(slug.value(), tenantId)).await();
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row -> row.getOffsetDateTime("kept_until").toInstant())
        .findFirst();
  }

  boolean isKeptForAnother(SqlConnection connection, Slug slug, UUID tenantId, Instant now) {
    Tuple values = Tuple.of(slug.value(), tenantId, now.atOffset(ZoneOffset.UTC));
    return connection.preparedQuery(KEPT_FOR_ANOTHER).execute(values).await().rowCount() > 0;
  }

  Set<Slug> keptAmong(SqlConnection connection, List<Slug> slugs, Instant now) {
    Tuple values =
        Tuple.of(
            slugs.stream().map(Slug::value).toArray(String[]::new), now.atOffset(ZoneOffset.UTC));
    var rows = connection.preparedQuery(KEPT_AMONG).execute(values).await();
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row -> new Slug(row.getString("slug")))
        .collect(Collectors.toUnmodifiableSet());
  }

  void forgetAll(SqlConnection tx, UUID tenantId) {
    tx.preparedQuery(FORGET_ALL).execute(Tuple.of(tenantId)).await();
  }
}
