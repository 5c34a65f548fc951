package dev.gatehouse.controlplane.domain;

import static dev.gatehouse.controlplane.database.SqlTime.instant;

import dev.gatehouse.controlplane.database.SqlTime;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Between {@link Domain}s and rows of their table. */
final class DomainRow {
  /** What {@link #read} reads. */
  static final String COLUMNS =
      "tenant_id, host, role, redirect_status, token, ownership, ownership_reason, proved_by,"
          + " attempts, ownership_since, checked_at, next_check_at, failing_since, pointed,"
          + " certificate, certificate_reason, version, created_at";

  private DomainRow() {}

  static Domain read(Row row) {
    Integer status = row.getInteger("redirect_status");
    return new Domain(
        row.getUUID("tenant_id"),
        DomainName.ofNormal(row.getString("host")),
        DomainRole.of(row.getString("role")),
        status == null ? OptionalInt.empty() : OptionalInt.of(status),
        row.getString("token"),
        ownership(row),
        new Certificate(row.getString("certificate"), row.getString("certificate_reason")),
        row.getLong("version"),
        row.getOffsetDateTime("created_at").toInstant());
  }

  private static Ownership ownership(Row row) {
    return new Ownership(
        OwnershipState.of(row.getString("ownership")),
        Optional.ofNullable(row.getString("ownership_reason")),
        Optional.ofNullable(row.getString("proved_by")).map(Proof::of),
        row.getInteger("attempts"),
        row.getOffsetDateTime("ownership_since").toInstant(),
        instant(row, "checked_at"),
        instant(row, "next_check_at"),
        instant(row, "failing_since"),
        row.getBoolean("pointed"));
  }

  /** Tenant, host, role, status, token and the ownership, in the order of the columns. */
  static Tuple values(Domain domain) {
    Ownership ownership = domain.ownership();
    return Tuple.tuple()
        .addValue(domain.tenantId())
        .addValue(domain.name().toString())
        .addValue(domain.role().wireName())
        .addValue(domain.redirectStatus().isPresent() ? domain.redirectStatus().getAsInt() : null)
        .addValue(domain.token())
        .addValue(ownership.state().wireName())
        .addValue(ownership.reason().orElse(null))
        .addValue(ownership.provedBy().map(Proof::wireName).orElse(null))
        .addValue(ownership.attempts())
        .addValue(offset(Optional.of(ownership.since())))
        .addValue(offset(ownership.checkedAt()))
        .addValue(offset(ownership.nextCheckAt()))
        .addValue(offset(ownership.failingSince()))
        .addValue(ownership.pointed());
  }

  private static @Nullable OffsetDateTime offset(Optional<Instant> instant) {
    return instant.map(SqlTime::utc).orElse(null);
  }
}
