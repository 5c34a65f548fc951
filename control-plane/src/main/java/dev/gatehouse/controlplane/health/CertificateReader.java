package dev.gatehouse.controlplane.health;

import static dev.gatehouse.controlplane.database.SqlTime.instant;
import static dev.gatehouse.controlplane.database.SqlTime.utc;

import dev.gatehouse.contract.tls.CertificateAndKey;
import dev.gatehouse.controlplane.health.Facts.CertificateFault;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which certificates of many tenants have ended, or will. Blocks: virtual threads only. */
final class CertificateReader {
  /**
   * All certificates of those who have one that ends soon: another may be for the same hosts. What
   * is ordered is renewed when a third of its time is left, so that a sixth means that it was not.
   * The names of one that was uploaded stand in itself alone.
   */
  private static final String OF_THOSE_THAT_END =
      """
      SELECT c.tenant_id AS id, c.host, c.not_after, CASE WHEN c.host IS NULL THEN c.chain END AS chain,
             c.not_after < $2::timestamptz + least(
               interval '21 days', (c.not_after - c.set_at) / CASE WHEN c.host IS NULL THEN 3 ELSE 6 END)
               AS ends
        FROM certificate c
       WHERE c.tenant_id = ANY (
               SELECT e.tenant_id FROM certificate e
                WHERE e.tenant_id = ANY ($1) AND e.not_after < $2::timestamptz + interval '21 days')
       ORDER BY c.tenant_id, c.not_after LIMIT 5000
      """;

  /** What authorities did not issue. */
  private static final String NOT_ISSUED =
      """
      SELECT d.tenant_id AS id, d.host, d.certificate, d.certificate_reason, c.not_after
        FROM domain d
        LEFT JOIN certificate c ON c.tenant_id = d.tenant_id AND c.host = d.host
       WHERE d.tenant_id = ANY ($1) AND d.ownership = 'verified'
         AND d.certificate IN ('failed', 'expired')
       ORDER BY d.tenant_id, d.host LIMIT 5000
      """;

  private record Held(Set<String> names, Instant until, boolean ends) {
    boolean isFor(String name) {
      int dot = name.indexOf('.');
      return names.contains(name) || (dot > 0 && names.contains("*" + name.substring(dot)));
    }
  }

  Map<UUID, List<CertificateFault>> read(
      SqlConnection connection, List<UUID> tenants, Instant now) {
    Map<UUID, List<CertificateFault>> faults = new HashMap<>();
    for (Row row :
        connection.preparedQuery(NOT_ISSUED).execute(ConditionReader.of(tenants)).await()) {
      add(faults, row.getUUID("id"), notIssued(row, now));
    }
    held(connection, tenants, now)
        .forEach((tenant, held) ->
            held.stream()
                .filter(Held::ends)
                .forEach(one ->
                    one.names.stream()
                        .filter(name -> !isKnown(faults.get(tenant), name))
                        .filter(name -> held.stream().noneMatch(o -> !o.ends && o.isFor(name)))
                        .filter(name -> isTheLastOf(held, one, name))
                        .forEach(name -> add(faults, tenant, ending(name, one.until, now)))));
    return faults;
  }

  private static boolean isTheLastOf(List<Held> held, Held one, String name) {
    return held.stream().noneMatch(other -> other.until.isAfter(one.until) && other.isFor(name));
  }

  private static boolean isKnown(@Nullable List<CertificateFault> faults, String host) {
    return faults != null && faults.stream().anyMatch(fault -> fault.host().equals(host));
  }

  private static CertificateFault notIssued(Row row, Instant now) {
    Optional<Instant> until = instant(row, "not_after");
    CertificateFault.Kind kind =
        until.filter(now::isBefore).isPresent()
            ? CertificateFault.Kind.NOT_RENEWED
            : row.getString("certificate").equals("expired") && until.isPresent()
                ? CertificateFault.Kind.EXPIRED
                : CertificateFault.Kind.NOT_ISSUED;
    return new CertificateFault(
        kind, row.getString("host"), until, row.getString("certificate_reason"));
  }

  private static CertificateFault ending(String name, Instant until, Instant now) {
    return new CertificateFault(
        until.isAfter(now) ? CertificateFault.Kind.EXPIRES : CertificateFault.Kind.EXPIRED,
        name,
        Optional.of(until),
        "");
  }

  private static Map<UUID, List<Held>> held(
      SqlConnection connection, List<UUID> tenants, Instant now) {
    Tuple values = ConditionReader.of(tenants).addOffsetDateTime(utc(now));
    Map<UUID, List<Held>> held = new HashMap<>();
    for (Row row : connection.preparedQuery(OF_THOSE_THAT_END).execute(values).await()) {
      Set<String> names =
          Optional.ofNullable(row.getString("host"))
              .map(Set::of)
              .orElseGet(() ->
                  CertificateAndKey.namesOf(
                      CertificateAndKey.parseChain(row.getString("chain")).getFirst()));
      held.computeIfAbsent(row.getUUID("id"), _ -> new ArrayList<>())
          .add(new Held(names, instant(row, "not_after").orElseThrow(), row.getBoolean("ends")));
    }
    return held;
  }

  private static void add(
      Map<UUID, List<CertificateFault>> faults, UUID tenant, CertificateFault fault) {
    faults.computeIfAbsent(tenant, _ -> new ArrayList<>()).add(fault);
  }
}
