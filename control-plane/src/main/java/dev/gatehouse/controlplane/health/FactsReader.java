package dev.gatehouse.controlplane.health;

import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;

/** All that many tenants are judged by. Blocks: virtual threads only. */
final class FactsReader {
  private static final ConditionReader.Limits NONE =
      new ConditionReader.Limits(Optional.empty(), List.of(), Optional.empty());

  private final TrafficReader traffic = new TrafficReader();
  private final CertificateReader certificates = new CertificateReader();
  private final ConditionReader conditions;

  FactsReader(Duration rotateEvery) {
    this.conditions = new ConditionReader(rotateEvery);
  }

  /** What is known, and what is usual, of whom that was asked. */
  record Read(List<Facts> facts, Map<UUID, Usual> usual) {}

  /**
   * Reads it.
   *
   * @param known what was usual when it was last asked for; is asked for once an hour
   */
  Read read(SqlConnection connection, List<UUID> tenants, Map<UUID, Usual> known, Instant now) {
    var lately = traffic.lately(connection, tenants, now);
    Map<UUID, Usual> usual = usual(connection, lately, known, now);
    var limits = conditions.limits(connection, tenants, now);
    var domains = conditions.domains(connection, tenants);
    var hosts = certificates.read(connection, tenants, now);
    var blueprints = conditions.blueprints(connection, tenants);
    var keys = conditions.keys(connection, tenants, now);
    List<Facts> facts =
        tenants.stream()
            .map(id -> {
              ConditionReader.Limits limit = limits.getOrDefault(id, NONE);
              return new Facts(
                  id,
                  now,
                  Optional.ofNullable(lately.get(id)),
                  Optional.ofNullable(usual.get(id))
                      .map(Usual::millis)
                      .orElse(OptionalDouble.empty()),
                  limit.perSecond(),
                  limit.quotas(),
                  hosts.getOrDefault(id, List.of()),
                  domains.getOrDefault(id, List.of()),
                  blueprints.getOrDefault(id, List.of()),
                  keys.getOrDefault(id, List.of()),
                  limit.withheld());
            })
            .toList();
    return new Read(facts, usual);
  }

  private Map<UUID, Usual> usual(
      SqlConnection connection, Map<UUID, Traffic> lately, Map<UUID, Usual> known, Instant now) {
    Instant hour = now.truncatedTo(ChronoUnit.HOURS);
    Map<UUID, Usual> usual = new HashMap<>(known);
    List<UUID> asked =
        lately.keySet().stream()
            .filter(id -> !known.containsKey(id) || !known.get(id).hour().equals(hour))
            .toList();
    if (!asked.isEmpty()) {
      usual.putAll(traffic.usual(connection, asked, now));
    }
    usual.values().removeIf(one -> !one.hour().equals(hour));
    return usual;
  }
}
