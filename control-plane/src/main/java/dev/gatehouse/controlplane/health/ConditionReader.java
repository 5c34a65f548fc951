package dev.gatehouse.controlplane.health;

import static dev.gatehouse.controlplane.database.SqlTime.instant;
import static dev.gatehouse.controlplane.database.SqlTime.utc;

import dev.gatehouse.contract.usage.MonthlyUse;
import dev.gatehouse.controlplane.health.Facts.BlueprintFault;
import dev.gatehouse.controlplane.health.Facts.DomainFault;
import dev.gatehouse.controlplane.health.Facts.KeyFault;
import dev.gatehouse.controlplane.health.Facts.QuotaUse;
import dev.gatehouse.controlplane.health.Facts.Withheld;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What is known of many tenants besides their traffic, in one statement for each kind. Only what is
 * not as it should be is read, and of one tenant not more than some. Blocks: virtual threads only.
 */
final class ConditionReader {
  private static final String LIMITS =
      """
      SELECT t.id, t.key_withheld_at, k.reason AS withheld_reason,
             coalesce(
               (t.document #>> '{limits,requestsPerSecond}')::numeric,
               (p.document #>> '{limits,requestsPerSecond}')::numeric)::bigint AS per_second,
             q.requests::bigint AS most_requests, q.bytes::bigint AS most_bytes,
             coalesce(m.requests, 0) AS requests, coalesce(m.bytes, 0) AS bytes
        FROM tenant t
        LEFT JOIN plan p ON p.name = t.plan
        LEFT JOIN tenant_quota q ON q.tenant_id = t.id
        LEFT JOIN usage_month m ON m.tenant_id = t.id AND m.month = $2
        LEFT JOIN customer_key k ON k.tenant_id = t.id
       WHERE t.id = ANY ($1)
      """;

  private static final String DOMAINS =
      """
      SELECT t.id, d.*
        FROM unnest($1::uuid[]) AS t (id)
       CROSS JOIN LATERAL (
         SELECT host, role = 'primary' AS is_primary, ownership, ownership_since, failing_since,
                coalesce(ownership_reason, '') AS reason
           FROM domain
          WHERE tenant_id = t.id AND (ownership <> 'verified' OR failing_since IS NOT NULL)
          ORDER BY ownership = 'lost' DESC, role = 'primary' DESC, host LIMIT 20
       ) d
      """;

  /** While a version is rolled out some have it, and others not yet. */
  private static final String BLUEPRINTS =
      """
      SELECT p.tenant_id AS id, b.name, b.current_version,
             coalesce(own.number, shared.number, 0) AS number,
             coalesce(own.error, shared.error) AS error
        FROM placement p
       CROSS JOIN blueprint b
        LEFT JOIN blueprint_state own
          ON p.strategy <> 'shared' AND own.blueprint = b.name AND own.partition = p.partition
         AND own.tenant_id = p.tenant_id
        LEFT JOIN blueprint_state shared
          ON p.strategy = 'shared' AND shared.blueprint = b.name AND shared.partition = p.partition
         AND shared.tenant_id IS NULL
       WHERE p.tenant_id = ANY ($1) AND p.state = 'placed'
         AND (coalesce(own.error, shared.error) IS NOT NULL
              OR coalesce(own.number, shared.number, 0) < b.current_version)
         AND NOT EXISTS (
               SELECT FROM rollout r WHERE r.blueprint = b.name AND r.state = 'running')
      """;

  private static final String KEYSETS =
      """
      SELECT s.tenant_id AS id, s.kind, s.rotated_at, s.full_since
        FROM tenant_keyset s JOIN tenant t ON t.id = s.tenant_id AND t.key_withheld_at IS NULL
       WHERE s.tenant_id = ANY ($1) AND (s.full_since IS NOT NULL OR s.rotated_at < $2)
      """;

  private static final String API_KEYS =
      """
      SELECT t.id, k.*
        FROM unnest($1::uuid[]) AS t (id)
       CROSS JOIN LATERAL (
         SELECT id AS key, expires_at, created_at FROM api_key
          WHERE tenant_id = t.id AND succeeded_by IS NULL
            AND (expires_at BETWEEN $2::timestamptz - interval '7 days' AND $2::timestamptz + interval '7 days'
                 OR expires_at IS NULL AND created_at < $2::timestamptz - interval '1 year')
          ORDER BY expires_at, created_at LIMIT 20
       ) k
      """;

  /** What is due may wait for its turn so long. */
  private static final Duration PATIENCE = Duration.ofDays(2);

  private final Duration rotateEvery;

  /**
   * @param rotateEvery how long a key of a keyset is the newest one, as it is configured
   */
  ConditionReader(Duration rotateEvery) {
    this.rotateEvery = rotateEvery;
  }

  /** What a tenant may, has used, and whether its keys can be opened. */
  record Limits(Optional<Long> perSecond, List<QuotaUse> quotas, Optional<Withheld> withheld) {}

  Map<UUID, Limits> limits(SqlConnection connection, List<UUID> tenants, Instant now) {
    Tuple values = of(tenants).addValue(MonthlyUse.monthOf(now).atDay(1));
    Map<UUID, Limits> limits = new HashMap<>();
    for (Row row : connection.preparedQuery(LIMITS).execute(values).await()) {
      List<QuotaUse> quotas = new ArrayList<>();
      Optional.ofNullable(row.getLong("most_requests"))
          .map(most -> new QuotaUse(Saturation.REQUESTS, row.getLong("requests"), most))
          .ifPresent(quotas::add);
      Optional.ofNullable(row.getLong("most_bytes"))
          .map(most -> new QuotaUse(Saturation.BYTES, row.getLong("bytes"), most))
          .ifPresent(quotas::add);
      limits.put(
          row.getUUID("id"),
          new Limits(
              Optional.ofNullable(row.getLong("per_second")),
              quotas,
              instant(row, "key_withheld_at")
                  .map(since ->
                      new Withheld(
                          since,
                          Optional.ofNullable(row.getString("withheld_reason")).orElse("")))));
    }
    return limits;
  }

  Map<UUID, List<DomainFault>> domains(SqlConnection connection, List<UUID> tenants) {
    Map<UUID, List<DomainFault>> faults = new HashMap<>();
    for (Row row : connection.preparedQuery(DOMAINS).execute(of(tenants)).await()) {
      DomainFault.Kind kind =
          switch (row.getString("ownership")) {
            case "lost" -> DomainFault.Kind.LOST;
            case "failed" -> DomainFault.Kind.FAILED;
            case "pending" -> DomainFault.Kind.PENDING;
            default -> DomainFault.Kind.FAILING;
          };
      Instant since = instant(row, "ownership_since").orElseThrow();
      add(
          faults,
          row,
          new DomainFault(
              kind,
              row.getString("host"),
              row.getBoolean("is_primary"),
              kind == DomainFault.Kind.FAILING
                  ? instant(row, "failing_since").orElse(since)
                  : since,
              row.getString("reason")));
    }
    return faults;
  }

  Map<UUID, List<BlueprintFault>> blueprints(SqlConnection connection, List<UUID> tenants) {
    Map<UUID, List<BlueprintFault>> faults = new HashMap<>();
    for (Row row : connection.preparedQuery(BLUEPRINTS).execute(of(tenants)).await()) {
      add(
          faults,
          row,
          new BlueprintFault(
              row.getString("name"),
              row.getInteger("number"),
              row.getInteger("current_version"),
              Optional.ofNullable(row.getString("error"))));
    }
    return faults;
  }

  Map<UUID, List<KeyFault>> keys(SqlConnection connection, List<UUID> tenants, Instant now) {
    Map<UUID, List<KeyFault>> faults = new HashMap<>();
    Tuple overdue = of(tenants).addOffsetDateTime(utc(now.minus(rotateEvery).minus(PATIENCE)));
    for (Row row : connection.preparedQuery(KEYSETS).execute(overdue).await()) {
      Optional<Instant> full = instant(row, "full_since");
      add(
          faults,
          row,
          new KeyFault(
              full.isPresent() ? KeyFault.Kind.FULL : KeyFault.Kind.OVERDUE,
              row.getString("kind"),
              full.or(() -> instant(row, "rotated_at")).orElseThrow()));
    }
    Tuple ending = of(tenants).addOffsetDateTime(utc(now));
    for (Row row : connection.preparedQuery(API_KEYS).execute(ending).await()) {
      Optional<Instant> end = instant(row, "expires_at");
      KeyFault.Kind kind =
          end.map(at ->
                  at.isAfter(now) ? KeyFault.Kind.API_KEY_EXPIRES : KeyFault.Kind.API_KEY_EXPIRED)
              .orElse(KeyFault.Kind.API_KEY_OLD);
      Instant at = end.or(() -> instant(row, "created_at")).orElseThrow();
      add(faults, row, new KeyFault(kind, row.getString("key"), at));
    }
    return faults;
  }

  private static <T> void add(Map<UUID, List<T>> all, Row row, T one) {
    all.computeIfAbsent(row.getUUID("id"), _ -> new ArrayList<>()).add(one);
  }

  static Tuple of(Collection<UUID> tenants) {
    return Tuple.tuple().addArrayOfUUID(tenants.toArray(UUID[]::new));
  }
}
