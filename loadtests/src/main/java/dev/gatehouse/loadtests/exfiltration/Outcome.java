package dev.gatehouse.loadtests.exfiltration;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.contract.audit.Sha256;
import dev.gatehouse.contract.security.EgressTaken;
import dev.gatehouse.contract.security.EgressTaken.Span;
import dev.gatehouse.contract.security.SecurityEvent;
import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.loadtests.tenants.SyntheticTenants;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What came out.
 *
 * @param keys the callers', in their order
 * @param startedAt when the first day began
 * @param late how much later than meant the latest request was sent; where that is not much less
 *     than a window, the figures are the machine's and not the gateway's
 * @param events what the audit trail was told
 * @param taken what attackers got
 */
record Outcome(
    Plan plan,
    List<Caller> callers,
    List<SecretToken> keys,
    Instant startedAt,
    Duration late,
    List<SecurityEvent> events,
    List<Taken> taken) {
  /** A response that an attacker got whole. */
  record Taken(Caller caller, Instant at, int bytes) {}

  /**
   * How one attack was found.
   *
   * @param span where it showed first; empty if it was not found
   * @param windows after so many, counted from the attack's begin
   * @param daysWorth what had left by then, in times of the caller's usual day
   * @param daysWorthInAll what left until the end
   */
  record Detection(
      Attack attack,
      Optional<Span> span,
      double windows,
      double daysWorth,
      double daysWorthInAll) {}

  /**
   * Alarms at what was nothing.
   *
   * @param days of callers, or of tenants
   */
  record FalseAlarms(long inWindows, long inPeriods, double days) {
    double perDay() {
      return (inWindows + inPeriods) / days;
    }
  }

  List<Detection> detections() {
    return Arrays.stream(Attack.values()).map(this::detectionOf).toList();
  }

  private Detection detectionOf(Attack attack) {
    Caller attacker =
        callers.stream()
            .filter(caller -> caller.attack().equals(Optional.of(attack)))
            .findFirst()
            .orElseThrow();
    Instant begin = attackBegins();
    Optional<SecurityEvent> first =
        ofCallers()
            .filter(event -> isOf(event, attacker) && event.to().isAfter(begin))
            .min(Comparator.comparing(SecurityEvent::to));
    double usual = attacker.usualBytesPerDay(plan);
    Instant found = first.map(SecurityEvent::to).orElse(Instant.MAX);
    return new Detection(
        attack,
        first.flatMap(SecurityEvent::egress).map(EgressTaken::span),
        first.isEmpty() ? Double.NaN : windowsBetween(begin, found),
        bytesOf(attacker, begin, found) / usual,
        bytesOf(attacker, begin, Instant.MAX) / usual);
  }

  private Instant attackBegins() {
    return startedAt.plus(plan.window().multipliedBy(plan.attackBegins()));
  }

  private double windowsBetween(Instant from, Instant to) {
    return (double) Duration.between(from, to).toNanos() / plan.window().toNanos();
  }

  private double bytesOf(Caller caller, Instant from, Instant to) {
    return taken.stream()
        .filter(one -> one.caller().equals(caller))
        .filter(one -> one.at().isAfter(from) && !one.at().isAfter(to))
        .mapToLong(Taken::bytes)
        .sum();
  }

  /** Alarms at callers, but for attackers once they have begun. */
  FalseAlarms falseAlarms() {
    Set<String> attackers =
        callers.stream()
            .filter(caller -> caller.attack().isPresent())
            .map(this::fingerprintOf)
            .collect(Collectors.toSet());
    Instant begin = attackBegins();
    List<Span> spans =
        ofCallers()
            .filter(event ->
                event.to().isBefore(begin)
                    || !attackers.contains(egress(event).principal().orElseThrow()))
            .map(event -> egress(event).span())
            .toList();
    double days =
        (double) (callers.size() - attackers.size()) * (plan.ordinaryDays() + plan.attackDays())
            + attackers.size() * plan.ordinaryDays();
    return count(spans, days);
  }

  /** Alarms at whole tenants, but for those with an attacker once it has begun. */
  FalseAlarms falseAlarmsOfTenants() {
    Set<UUID> attacked =
        callers.stream()
            .filter(caller -> caller.attack().isPresent())
            .map(caller -> SyntheticTenants.id(caller.tenant()))
            .collect(Collectors.toSet());
    Instant begin = attackBegins();
    List<Span> spans =
        events.stream()
            .filter(event -> event.egress().isPresent() && egress(event).principal().isEmpty())
            .filter(event ->
                event.to().isBefore(begin) || !attacked.contains(event.tenant().orElseThrow()))
            .map(event -> egress(event).span())
            .toList();
    double days =
        (double) (plan.tenants() - attacked.size()) * (plan.ordinaryDays() + plan.attackDays())
            + attacked.size() * plan.ordinaryDays();
    return count(spans, days);
  }

  private static FalseAlarms count(List<Span> spans, double days) {
    long windows = spans.stream().filter(span -> span == Span.WINDOW).count();
    return new FalseAlarms(windows, spans.size() - windows, days);
  }

  private Stream<SecurityEvent> ofCallers() {
    return events.stream()
        .filter(event -> event.egress().flatMap(EgressTaken::principal).isPresent());
  }

  private boolean isOf(SecurityEvent event, Caller caller) {
    return egress(event).principal().equals(Optional.of(fingerprintOf(caller)));
  }

  private static EgressTaken egress(SecurityEvent event) {
    return event.egress().orElseThrow();
  }

  /** As anybody can who has the id of a key, and looks for it in the trail. */
  private String fingerprintOf(Caller caller) {
    String name = SyntheticTenants.id(caller.tenant()) + "\n" + keys.get(caller.number()).id();
    return HexFormat.of().formatHex(Sha256.of(name.getBytes(UTF_8)), 0, 16);
  }
}
