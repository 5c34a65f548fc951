package dev.gatehouse.controlplane.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.controlplane.Concurrently;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.domain.DomainPlatform.Claim;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.Rcode;

/** What becomes of domains, with a real DNS server and real hosts. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DomainCheckTest {
  private static final DomainConfig TARGET_ONLY =
      new DomainConfig(
          DomainConfig.DEFAULT.dnsServer(),
          List.of(),
          Optional.of("edge.gatehouse.example"),
          List.of(),
          80,
          List.of(),
          20,
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          Duration.ofDays(30));

  private final String host = Fresh.host();
  private DomainPlatform platform;

  @BeforeAll
  void start() {
    platform = new DomainPlatform(Duration.ofSeconds(3));
  }

  @AfterAll
  void stop() {
    platform.close();
  }

  @Test
  void saysWhatIsMissingAndIsVerifiedWhenTheRecordIsThere() {
    Claim claim = platform.claim(host("record"));
    JsonObject missing = claim.await(o -> o.containsKey("checkedAt"));
    assertThat(missing.getString("state")).isEqualTo("pending");
    assertThat(missing.getString("reason"))
        .contains("The DNS has nothing there", claim.challengeName(), claim.token)
        .contains("has no address");
    assertThat(missing.getString("nextCheckAt")).isGreaterThan(missing.getString("checkedAt"));

    platform.dns.txt(claim.challengeName(), "v=spf1 -all", "wrong\u0007value");
    claim.verify();
    assertThat(claim.awaitReason("v=spf1").getString("reason"))
        .contains("\"v=spf1 -all\", \"wrong?value\"");

    platform.dns.txt(claim.challengeName(), "v=spf1 -all", claim.token);
    claim.verify();
    JsonObject verified = claim.awaitState("verified");
    assertThat(verified.getString("provedBy")).isEqualTo("dns");
    assertThat(verified.containsKey("reason")).isFalse();
  }

  @Test
  void isVerifiedByTheAnswerOfTheHost() {
    Claim claim = platform.claim(host("answer")).answer().verify();
    assertThat(claim.awaitState("verified").getString("provedBy")).isEqualTo("http");
  }

  @Test
  void isVerifiedByARecordThatIsDelegated() {
    Claim claim = platform.claim(host("alias"));
    platform.dns.cname(claim.challengeName(), "proofs." + host);
    platform.dns.txt("proofs." + host, claim.token);
    claim.verify().awaitState("verified");
  }

  @Test
  void provesAWildcardByItsParentOnly() {
    Claim claim = platform.claim("*." + host("wild"));
    assertThat(claim.awaitLook().getString("state")).isEqualTo("pending");
    claim.record().verify().awaitState("verified");
  }

  /** Its host answers by the wildcard of the other, which leads to the platform. */
  @Test
  void takesNoAnswerOfAHostBelowTheWildcardOfAnother() {
    Claim wildcard = platform.claim("*." + host("owned")).record().verify();
    wildcard.awaitState("verified");

    Claim below = platform.claim("shop." + host("owned")).answer().verify();
    assertThat(below.awaitLook().getString("state")).isEqualTo("pending");
    below.record().verify();
    assertThat(below.awaitState("verified").getString("provedBy")).isEqualTo("dns");
  }

  @Test
  void keepsTheTargetOfTheRecordsForThePlatform() {
    for (String host : List.of("edge.gatehouse.example", "*.gatehouse.example")) {
      assertThat(
              new HostRules(new Hostname("app.example"), TARGET_ONLY.reserved())
                  .refusal(DomainName.parse(host)))
          .isPresent();
    }
  }

  @Test
  void takesNoOtherAnswer() {
    Claim repeated = platform.claim(host("repeat"));
    platform.dns.addresses(host("repeat"), DomainPlatform.LOOPBACK);
    assertThat(repeated.verify().awaitReason("answers 404").getString("state"))
        .isEqualTo("pending");

    Claim path = platform.claim(host("path"));
    platform.dns.addresses(host("path"), DomainPlatform.LOOPBACK);
    platform.answers.put(path.url(), path.token);
    assertThat(path.verify().awaitReason("with another text").getString("state"))
        .isEqualTo("pending");

    Claim redirected = platform.claim(host("redirect"));
    platform.dns.addresses(host("redirect"), DomainPlatform.LOOPBACK);
    Claim goal = platform.claim(host("goal")).answer();
    platform.answers.put(redirected.url(), "http://" + goal.url());
    assertThat(redirected.verify().awaitReason("answers 302").getString("state"))
        .isEqualTo("pending");
  }

  @Test
  void asksNoHostInAPrivateNetwork() {
    for (String address : List.of("10.0.0.1", "169.254.169.254", "::1", "64:ff9b::7f00:1")) {
      String name = Fresh.host();
      Claim claim = platform.claim(name).answer();
      platform.dns.addresses(name, DomainPlatform.LOOPBACK, address);
      assertThat(claim.verify().awaitReason("not one of the public").getString("reason"))
          .as("what the network is like inside")
          .doesNotContain(address);
      assertThat(claim.state()).isEqualTo("pending");
    }
  }

  @Test
  void isToldAndServedForAWhileAndThenLost() {
    Claim claim = platform.claim(host("lost")).record().verify();
    claim.awaitState("verified");

    platform.dns.txt(claim.challengeName());
    JsonObject failing = claim.await(o -> o.containsKey("failingSince"));
    assertThat(failing.getString("state")).isEqualTo("verified");
    assertThat(failing.getString("reason"))
        .contains("The DNS has nothing there", "It is served until");
    assertThat(claim.awaitState("lost").getString("reason")).contains("not served any more");

    claim.record().verify().awaitState("verified");
  }

  @Test
  void isLostWhenTheHostLeadsElsewhere() {
    Claim claim = platform.claim(host("dangling")).record();
    platform.dns.cname(host("dangling"), "edge.gatehouse.test");
    claim.verify().awaitState("verified");
    claim.awaitLook();

    platform.dns.cname(host("dangling"), "elsewhere.example.net");
    platform.dns.addresses("elsewhere.example.net", "1.2.3.4");
    assertThat(claim.awaitReason("1.2.3.4").getString("reason"))
        .contains("expected it to lead to edge.gatehouse.test");
    claim.awaitState("lost");
  }

  @Test
  void losesNothingWhileTheDnsDoesNotAnswer() {
    Claim claim = platform.claim(host("servfail")).record().verify();
    claim.awaitState("verified");
    platform.dns.code(claim.challengeName(), Rcode.SERVFAIL);
    claim.awaitReason("could not be checked");
    claim.awaitLook();
    assertThat(claim.ownership().containsKey("failingSince")).isFalse();
    platform.dns.recover(claim.challengeName());
    claim.await(o -> !o.containsKey("reason"));
  }

  @Test
  void leavesAHostToWhoProvesIt() {
    Claim first = platform.claim(host("two")).record().verify();
    first.awaitState("verified");
    Claim second = platform.claim(host("two"));
    platform.dns.txt(second.challengeName(), first.token, second.token);

    assertThat(second.verify().awaitReason("another account").getString("state"))
        .isEqualTo("pending");
    first.awaitLook();
    assertThat(first.state()).isEqualTo("verified");

    platform.dns.txt(second.challengeName(), second.token);
    second.verify().awaitState("verified");
    assertThat(first.state()).isEqualTo("lost");
  }

  @Test
  void letsARecordPrevailOverTheAnswerOfAHost() {
    Claim first = platform.claim(host("http")).answer().verify();
    first.awaitState("verified");
    Claim second = platform.claim(host("http")).record().verify();
    second.awaitState("verified");
    assertThat(first.state()).isEqualTo("lost");
  }

  @Test
  void takesNoAnswerOfAHostThatLedHereForAnotherTenant() {
    Claim first = platform.claim(host("takeover")).answer().verify();
    first.awaitState("verified");
    assertThat(platform.api.delete(first.path).status()).isEqualTo(204);

    Claim second = platform.claim(host("takeover")).answer();
    assertThat(second.awaitLook().getString("state")).isEqualTo("pending");
    second.record().verify().awaitState("verified");
  }

  @Test
  void takesNoAnswerOfAHostThatItsTenantLostAndAsksForAgain() {
    Claim first = platform.claim(host("again")).answer().verify();
    first.awaitState("verified");
    platform.answers.remove(first.url());
    first.awaitState("lost");
    first.verify().awaitState("pending");

    Claim second = platform.claim(host("again")).answer();
    assertThat(second.awaitLook().getString("state")).isEqualTo("pending");
    second.record().verify().awaitState("verified");
  }

  @Test
  void takesNothingFromATrustedDomain() {
    String trusted = platform.domainsOfNewTenant();
    platform.api.post(trusted, Fresh.trustedDomain(host("trusted")));
    Claim claim = platform.claim(host("trusted")).record();
    claim.verify().awaitReason("another account");
    String path = trusted + "/" + host("trusted");
    assertThat(platform.api.get(path).json().getJsonObject("ownership").getString("state"))
        .isEqualTo("verified");
    assertThat(platform.api.post(path + "/verify").status()).isEqualTo(202);
  }

  @Test
  void givesAHostToOneOfManyThatProveItAtOnce() {
    List<Claim> claims = Concurrently.call(4, _ -> platform.claim(host("race")));
    platform.dns.txt(
        claims.getFirst().challengeName(),
        claims.stream().map(claim -> claim.token).toArray(String[]::new));
    Concurrently.call(4, i -> claims.get(i).verify());

    claims.forEach(claim -> claim.await(o -> o.containsKey("checkedAt")));
    claims.forEach(claim ->
        claim.await(o ->
            o.getString("state").equals("verified")
                || o.getString("reason", "").contains("another account")));
    assertThat(claims).filteredOn(claim -> claim.state().equals("verified")).hasSize(1);
  }

  private String host(String label) {
    return label + "." + host;
  }
}
