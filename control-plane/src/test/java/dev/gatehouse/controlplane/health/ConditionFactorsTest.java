package dev.gatehouse.controlplane.health;

import static dev.gatehouse.controlplane.health.TestFacts.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.controlplane.health.Facts.BlueprintFault;
import dev.gatehouse.controlplane.health.Facts.CertificateFault;
import dev.gatehouse.controlplane.health.Facts.DomainFault;
import dev.gatehouse.controlplane.health.Facts.KeyFault;
import dev.gatehouse.controlplane.health.Facts.QuotaUse;
import dev.gatehouse.controlplane.health.Facts.Withheld;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of quotas, certificates, domains, tables and keys. */
@Timeout(20)
class ConditionFactorsTest {
  @ParameterizedTest(name = "{0} of {1} at {2}")
  @CsvSource({
    // used, most, at, points, what the sentence says
    "0, 1000, 2026-11-01T00:00:00Z, 100, 0 % of the requests of this month are used.",
    "920, 1000, 2026-11-28T00:00:00Z, 75, 92 % of the requests of this month are used; at this pace they are used up on 30 November.",
    "700, 1000, 2026-11-16T00:00:00Z, 75, 70 % of the requests of this month are used; at this pace they are used up on 22 November.",
    "500, 1000, 2026-11-02T00:00:00Z, 100, 50 % of the requests of this month are used.",
    "500, 1000, 2026-11-20T00:00:00Z, 100, 50 % of the requests of this month are used.",
    "999999, 1000000, 2026-11-30T23:59:59Z, 60, 99.9 % of the requests of this month are used",
    "1000, 1000, 2026-11-20T00:00:00Z, 10, 100 % of the requests of this month are used: requests are refused until 1 December.",
    "5000, 1000, 2026-11-20T00:00:00Z, 10, 500 % of the requests of this month are used: requests are refused until 1 December.",
    "-5, 1000, 2026-11-20T00:00:00Z, 100, 0 % of the requests of this month are used.",
    "5, 0, 2026-11-20T00:00:00Z, 100, It has no monthly quota",
  })
  void judgesQuotasAndTheirPace(long used, long most, Instant at, int points, String says) {
    QuotaUse quota = new QuotaUse(Saturation.REQUESTS, used, most);
    Finding finding =
        Saturation.of(TestFacts.at(at, Optional.empty(), Optional.empty(), List.of(quota)));
    assertThat(finding.points()).as(finding.toString()).hasValue(points);
    assertThat(finding.reason()).startsWith(says);
  }

  @Test
  void judgesTheBusiestMinuteAgainstTheRate() {
    Traffic traffic = TestFacts.traffic(600, 0, 0, 4); // all within one minute: 10 a second
    Finding finding =
        Saturation.of(TestFacts.at(NOW, Optional.of(10L), Optional.of(traffic), List.of()));
    assertThat(finding.points()).hasValue(75);
    assertThat(finding.reason())
        .isEqualTo(
            "In the busiest minute of the last ten minutes, 10 requests a second were let in; its limit is 10.");
    assertThat(
            Saturation.of(TestFacts.at(NOW, Optional.of(100L), Optional.of(traffic), List.of()))
                .points())
        .hasValue(100);
  }

  @Test
  void tellsTheWorstCertificate() {
    Finding finding =
        CertificateFactor.of(
            certificates(
                certificate(CertificateFault.Kind.EXPIRES, Duration.ofDays(9)),
                certificate(CertificateFault.Kind.EXPIRED, Duration.ofDays(-2))));
    assertThat(finding.points()).hasValue(10);
    assertThat(finding.reason())
        .isEqualTo(
            "The certificate of shop.example.com expired on 14 November 2026: browsers refuse to go there. So it is with 1 more.");
    assertThat(finding.measured()).isEqualTo("expired 2 days ago");
  }

  @ParameterizedTest(name = "{0} in {1} days")
  @CsvSource({
    "EXPIRES, 9, 75",
    "EXPIRES, 1, 40",
    "EXPIRED, -100, 10",
    "NOT_RENEWED, 9, 70",
    "NOT_RENEWED, 1, 40",
    "NOT_ISSUED, 0, 30",
  })
  void judgesCertificatesByTheTimeThatIsLeft(CertificateFault.Kind kind, int days, int points) {
    Finding finding = CertificateFactor.of(certificates(certificate(kind, Duration.ofDays(days))));
    assertThat(finding.points()).hasValue(points);
    assertThat(finding.advice()).isPresent();
  }

  private static CertificateFault certificate(CertificateFault.Kind kind, Duration left) {
    return new CertificateFault(kind, "shop.example.com", Optional.of(NOW.plus(left)), "");
  }

  private static Facts certificates(CertificateFault... faults) {
    return TestFacts.known(List.of(faults), List.of(), List.of(), List.of(), Optional.empty());
  }

  @ParameterizedTest(name = "{0}, primary {1}, for {2} days")
  @CsvSource({
    "LOST, true, 1, 30, is not served since 15 November",
    "LOST, false, 1, 50, is not served since 15 November",
    "FAILED, false, 1, 75, was not shown in time",
    "FAILING, false, 1, 70, will be lost",
    "PENDING, false, 2, 100, All of its domains",
    "PENDING, false, 4, 90, waits since 12 November",
    "PENDING, false, -4, 100, All of its domains", // since the future
  })
  void judgesDomains(DomainFault.Kind kind, boolean primary, int days, int points, String says) {
    DomainFault fault =
        new DomainFault(kind, "shop.example.com", primary, NOW.minus(Duration.ofDays(days)), "");
    Finding finding =
        DomainFactor.of(
            TestFacts.known(List.of(), List.of(fault), List.of(), List.of(), Optional.empty()));
    assertThat(finding.points()).hasValue(points);
    assertThat(finding.reason()).contains(says);
  }

  @Test
  void judgesBlueprints() {
    Finding behind = blueprint(new BlueprintFault("shop", 3, 4, Optional.empty()));
    assertThat(behind.points()).hasValue(75);
    assertThat(behind.reason())
        .isEqualTo("Its tables have version 3 of the blueprint shop; the others have version 4.");
    Finding failed =
        blueprint(
            new BlueprintFault("shop", 3, 4, Optional.of("column \"a\" exists\nDETAIL: secret")));
    assertThat(failed.points()).hasValue(40);
    assertThat(failed.reason()).contains("failed at its place").doesNotContain("DETAIL");
    assertThat(blueprint(new BlueprintFault("shop", 0, 9, Optional.empty())).points()).hasValue(65);
  }

  private static Finding blueprint(BlueprintFault fault) {
    return BlueprintFactor.of(
        TestFacts.known(List.of(), List.of(), List.of(fault), List.of(), Optional.empty()));
  }

  @Test
  void judgesKeysByTheirAge() {
    KeyFault expired = new KeyFault(KeyFault.Kind.API_KEY_EXPIRED, "k1", NOW.minusSeconds(7200));
    KeyFault soon = new KeyFault(KeyFault.Kind.API_KEY_EXPIRES, "k2", NOW.plus(Duration.ofDays(3)));
    Finding finding =
        KeyFactors.keys(
            TestFacts.known(
                List.of(), List.of(), List.of(), List.of(soon, expired), Optional.empty()));
    assertThat(finding.points()).hasValue(75);
    assertThat(finding.measured()).isEqualTo("expired 2 hours ago");
    assertThat(finding.reason())
        .isEqualTo(
            "The API key k1 expired on 16 November 2026: whoever uses it is refused. So it is with 1 more.");
  }

  @Test
  void saysThatATenantIsNotServedWithoutItsOwnKey() {
    Facts facts =
        TestFacts.known(
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Optional.of(new Withheld(NOW, "The service answered 403.")));
    assertThat(KeyFactors.customerKey(facts).points()).hasValue(0);
    assertThat(Judgement.of(facts).state()).isEqualTo(HealthState.UNHEALTHY);
    assertThat(Judgement.of(facts).reason())
        .isEqualTo(
            "The tenant withholds its own key since 16 November, and is not served. The service answered 403.");
  }
}
