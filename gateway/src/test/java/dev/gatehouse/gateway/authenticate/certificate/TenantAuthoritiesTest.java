package dev.gatehouse.gateway.authenticate.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EdgeClientAuthority;
import dev.gatehouse.contract.edge.EdgeClientAuthority.SubjectName;
import dev.gatehouse.gateway.authenticate.Credential;
import dev.gatehouse.gateway.authenticate.Principal;
import dev.gatehouse.gateway.authenticate.cache.TokenDigest;
import dev.gatehouse.gateway.authenticate.certificate.TenantAuthorities.Verdict;
import dev.gatehouse.gateway.tls.TestAuthority;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom a chain of certificates stands for at one tenant. */
@Timeout(60)
class TenantAuthoritiesTest {
  private static final String ID = "spiffe://acme.test/ns/shop/sa/cart";
  private static final UUID TENANT = UUID.randomUUID();
  private static final TestAuthority ROOT = TestAuthority.root("Acme");

  private static TestAuthority.Order client() {
    return ROOT.order("CN=alice,OU=Shop,O=Acme");
  }

  private static TenantAuthorities trust(TestAuthority root, SubjectName subject) {
    return new TenantAuthorities(List.of(root.of(TENANT, subject)));
  }

  private static Verdict verdict(
      TenantAuthorities authorities, List<X509Certificate> chain, Instant at) {
    List<byte[]> names = chain.stream().map(one -> one.getSerialNumber().toByteArray()).toList();
    return authorities.verify(TokenDigest.of(names), chain, at.toEpochMilli(), 100);
  }

  private static Principal letIn(TenantAuthorities authorities, TestAuthority client) {
    Verdict verdict = verdict(authorities, client.chain(), Instant.now());
    assertThat(verdict).isInstanceOf(Verdict.Vouched.class);
    return ((Verdict.Vouched) verdict).principal();
  }

  private static CertificateFault fault(
      TenantAuthorities authorities, List<X509Certificate> chain, Instant at) {
    Verdict verdict = verdict(authorities, chain, at);
    assertThat(verdict).isInstanceOf(Verdict.Refused.class);
    return ((Verdict.Refused) verdict).fault();
  }

  private static CertificateFault fault(TenantAuthorities authorities, TestAuthority client) {
    return fault(authorities, client.chain(), Instant.now());
  }

  /** What becomes of one that Acme's root has signed, and that goes by its common name. */
  private static CertificateFault fault(TestAuthority client) {
    return fault(trust(ROOT, SubjectName.COMMON_NAME), client);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SPIFFE | spiffe://acme.test/ns/shop/sa/cart",
        "URI | spiffe://acme.test/ns/shop/sa/cart",
        "DNS | cart.acme.test",
        "EMAIL | Alice@acme.test",
        "COMMON_NAME | alice",
        "DISTINGUISHED_NAME | CN=alice,OU=Shop,O=Acme"
      })
  void goesByTheNameThatTheTenantChose(SubjectName subject, String expected) {
    TestAuthority client =
        client()
            .uri(ID)
            .name(GeneralName.dNSName, "Cart.acme.test")
            .name(GeneralName.dNSName, "other.acme.test")
            .name(GeneralName.rfc822Name, "Alice@acme.test")
            .issue();

    Principal principal = letIn(trust(ROOT, subject), client);

    assertThat(principal.subject()).isEqualTo(expected);
    assertThat(principal.roles()).containsExactly("device");
    assertThat(principal.scopes()).containsExactly("report");
    assertThat(principal.credential())
        .isInstanceOfSatisfying(
            Credential.Certificate.class,
            shown -> assertThat(shown.serial()).isEqualTo(client.serial()));
  }

  @Test
  void takesTheMostSpecificOfSeveralCommonNames() {
    TestAuthority client = ROOT.order("CN=eve\\,admin,CN=Staff,O=Acme").issue();
    assertThat(letIn(trust(ROOT, SubjectName.COMMON_NAME), client).subject())
        .isEqualTo("eve,admin");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spiffe://other.test/a",
        "spiffe://acme.test.evil/a",
        "spiffe://acme.test",
        "spiffe://acme.test/",
        "spiffe://acme.test/a/",
        "spiffe://acme.test//a",
        "spiffe://acme.test/../a",
        "spiffe://acme.test/a?b",
        "spiffe://acme.test/a#b",
        "spiffe://acme.test/%61",
        "spiffe://acme.test:443/a",
        "spiffe://u@acme.test/a",
        "SPIFFE://acme.test/a",
        "spiffe://ACME.test/a",
        "https://acme.test/a"
      })
  void takesNothingElseForASpiffeId(String uri) {
    TestAuthority client = client().uri(uri).issue();
    assertThat(fault(trust(ROOT, SubjectName.SPIFFE), client)).isEqualTo(CertificateFault.SUBJECT);
  }

  @Test
  void takesNoneOfTwoUrisForASpiffeId() {
    TestAuthority both = client().uri(ID).uri("spiffe://acme.test/b").issue();
    assertThat(fault(trust(ROOT, SubjectName.SPIFFE), both)).isEqualTo(CertificateFault.SUBJECT);
    assertThat(letIn(trust(ROOT, SubjectName.URI), both).subject()).isEqualTo(ID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"SPIFFE", "URI", "DNS", "EMAIL", "COMMON_NAME"})
  void letsNobodyInWithoutAName(SubjectName subject) {
    TestAuthority nameless = ROOT.order("O=Acme").issue();
    assertThat(fault(trust(ROOT, subject), nameless)).isEqualTo(CertificateFault.SUBJECT);
  }

  @Test
  void takesNoNameThatCouldPassForAnother() {
    assertThat(fault(ROOT.order("CN=admin\u0000.evil,O=Acme").issue()))
        .isEqualTo(CertificateFault.SUBJECT);
    assertThat(fault(ROOT.order("CN=" + "a".repeat(256)).issue()))
        .isEqualTo(CertificateFault.SUBJECT);
  }

  @Test
  void letsInWhomTheListNames() {
    EdgeClientAuthority listed =
        ROOT.of(TENANT, SubjectName.DNS, Optional.of(Set.of("a.acme.test", "b.*")), Set.of());
    TenantAuthorities authorities = new TenantAuthorities(List.of(listed));
    for (String in : List.of("a.acme.test", "b.acme.test")) {
      TestAuthority client = client().name(GeneralName.dNSName, in).issue();
      assertThat(letIn(authorities, client).subject()).isEqualTo(in);
    }
    for (String out : List.of("aa.acme.test", "a.acme.test.evil", "bb.acme.test")) {
      TestAuthority client = client().name(GeneralName.dNSName, out).issue();
      assertThat(fault(authorities, client)).as(out).isEqualTo(CertificateFault.SUBJECT);
    }
  }

  @Test
  void followsTheChainInWhateverOrderItComes() {
    TestAuthority middle = ROOT.order("CN=Middle").authority(1).issue();
    TestAuthority low = middle.order("CN=Low").authority(0).issue();
    TestAuthority client = low.order("CN=alice").issue();
    List<X509Certificate> mixed =
        List.of(
            client.certificate(),
            TestAuthority.root("Stranger").certificate(),
            middle.certificate(),
            ROOT.certificate(),
            low.certificate());

    TenantAuthorities authorities = trust(ROOT, SubjectName.COMMON_NAME);
    assertThat(letIn(authorities, client).subject()).isEqualTo("alice");
    assertThat(verdict(authorities, mixed, Instant.now())).isInstanceOf(Verdict.Vouched.class);
    assertThat(fault(authorities, List.of(client.certificate()), Instant.now()))
        .as("without what is between")
        .isEqualTo(CertificateFault.UNKNOWN_AUTHORITY);
  }

  @Test
  void isNotMisledByAnotherOfTheSameName() {
    TestAuthority twin = TestAuthority.root("Acme");
    TestAuthority client = client().issue();
    TestAuthority others = twin.order("CN=alice,OU=Shop,O=Acme").issue();
    TenantAuthorities authorities = trust(ROOT, SubjectName.COMMON_NAME);
    assertThat(fault(authorities, others)).isEqualTo(CertificateFault.UNKNOWN_AUTHORITY);
    assertThat(fault(authorities, others.wholeChain(), Instant.now()))
        .isEqualTo(CertificateFault.UNKNOWN_AUTHORITY);
    TenantAuthorities both =
        new TenantAuthorities(
            List.of(
                twin.of(TENANT, SubjectName.COMMON_NAME),
                ROOT.of(TENANT, SubjectName.COMMON_NAME)));
    assertThat(letIn(both, client).subject()).isEqualTo("alice");
    assertThat(letIn(both, others).subject()).isEqualTo("alice");
  }

  @Test
  void refusesWhatNoAuthoritySigned() {
    assertThat(fault(TestAuthority.selfSigned("CN=alice").issue()))
        .isEqualTo(CertificateFault.UNKNOWN_AUTHORITY);
    assertThat(fault(TestAuthority.selfSigned("CN=Acme").issue()))
        .as("signed by itself, with the authority's name")
        .isEqualTo(CertificateFault.UNKNOWN_AUTHORITY);
    TestAuthority leaf = client().usage(KeyUsage.digitalSignature | KeyUsage.keyCertSign).issue();
    assertThat(fault(leaf.order("CN=bob").issue()))
        .as("signed by one that is no authority")
        .isEqualTo(CertificateFault.UNKNOWN_AUTHORITY);
    TestAuthority last = ROOT.order("CN=Last").authority(0).issue();
    TestAuthority beyond = last.order("CN=Beyond").authority(0).issue();
    assertThat(fault(beyond.order("CN=bob").issue()))
        .as("signed across more authorities than allowed")
        .isEqualTo(CertificateFault.UNKNOWN_AUTHORITY);
  }

  @Test
  void refusesAnAuthorityInThePlaceOfAClient() {
    assertThat(fault(trust(ROOT, SubjectName.COMMON_NAME), ROOT))
        .isIn(CertificateFault.UNKNOWN_AUTHORITY, CertificateFault.NOT_FOR_CLIENTS);
    assertThat(fault(ROOT.order("CN=Middle").authority(0).issue()))
        .isEqualTo(CertificateFault.NOT_FOR_CLIENTS);
  }

  @Test
  void refusesWhatIsForSomethingElse() {
    assertThat(fault(client().purpose(KeyPurposeId.id_kp_serverAuth).issue()))
        .isEqualTo(CertificateFault.NOT_FOR_CLIENTS);
    assertThat(fault(client().usage(KeyUsage.keyEncipherment).issue()))
        .isEqualTo(CertificateFault.NOT_FOR_CLIENTS);
    assertThat(
            letIn(trust(ROOT, SubjectName.COMMON_NAME), client().purpose(null).issue()).subject())
        .as("one that does not say what it is for")
        .isEqualTo("alice");
  }

  @Test
  void tellsTimesOfGenuineCertificatesOnly() {
    Instant now = Instant.now();
    Duration hour = Duration.ofHours(1);
    TenantAuthorities authorities = trust(ROOT, SubjectName.COMMON_NAME);
    TestAuthority over = client().valid(now.minus(hour.multipliedBy(2)), now.minus(hour)).issue();
    TestAuthority toCome = client().valid(now.plus(hour), now.plus(hour.multipliedBy(2))).issue();
    assertThat(fault(over)).isEqualTo(CertificateFault.EXPIRED);
    assertThat(fault(toCome)).isEqualTo(CertificateFault.NOT_YET_VALID);
    assertThat(
            fault(
                TestAuthority.root("Acme")
                    .order("CN=alice")
                    .valid(now.minus(hour.multipliedBy(2)), now.minus(hour))
                    .issue()))
        .as("a forgery of an expired one")
        .isEqualTo(CertificateFault.UNKNOWN_AUTHORITY);
    TestAuthority client = client().issue();
    assertThat(fault(authorities, client.chain(), now.plus(hour.multipliedBy(24))))
        .as("with its authority")
        .isEqualTo(CertificateFault.EXPIRED);
  }

  @Test
  void refusesWeakKeysAndAlgorithms() {
    KeyPair small = TestAuthority.key("RSA", 1024);
    assertThat(fault(client().keys(small).issue())).isEqualTo(CertificateFault.WEAK);
    assertThat(fault(client().signedBy("SHA1withECDSA").issue())).isEqualTo(CertificateFault.WEAK);
    TestAuthority rsa =
        TestAuthority.selfSigned("CN=R").keys(TestAuthority.key("RSA", 2048)).authority(1).issue();
    for (String weak : List.of("MD5withRSA", "SHA1withRSA", "SHA1withRSAandMGF1")) {
      assertThat(
              fault(
                  trust(rsa, SubjectName.COMMON_NAME),
                  rsa.order("CN=alice").signedBy(weak).issue()))
          .as(weak)
          .isEqualTo(CertificateFault.WEAK);
    }
    TestAuthority weakRoot = TestAuthority.selfSigned("CN=W").keys(small).authority(1).issue();
    assertThat(fault(trust(weakRoot, SubjectName.COMMON_NAME), weakRoot.order("CN=a").issue()))
        .as("an anchor that is too weak vouches for nobody")
        .isEqualTo(CertificateFault.UNKNOWN_AUTHORITY);
  }

  @ParameterizedTest
  @CsvSource({
    "RSA,2048,SHA256withRSA",
    "RSA,2048,SHA256withRSAandMGF1",
    "EC,384,SHA384withECDSA",
    "EC,521,SHA512withECDSA",
    "Ed25519,0,Ed25519"
  })
  void takesStrongOnesOfEveryKind(String algorithm, int bits, String signature) {
    TestAuthority root =
        TestAuthority.selfSigned("CN=Root")
            .keys(TestAuthority.key(algorithm, bits))
            .authority(1)
            .issue();
    TestAuthority client =
        root.order("CN=alice").keys(TestAuthority.key(algorithm, bits)).signedBy(signature).issue();
    assertThat(letIn(trust(root, SubjectName.COMMON_NAME), client).subject()).isEqualTo("alice");
  }

  @Test
  void holdsAnAnchorToWhatItSaysOfItself() {
    TestAuthority narrow =
        TestAuthority.selfSigned("CN=Narrow").authority(0).onlyBelow("acme.test").issue();
    TenantAuthorities authorities = trust(narrow, SubjectName.DNS);
    assertThat(
            letIn(
                    authorities,
                    narrow.order("CN=a").name(GeneralName.dNSName, "a.acme.test").issue())
                .subject())
        .isEqualTo("a.acme.test");
    assertThat(
            fault(
                authorities,
                narrow.order("CN=a").name(GeneralName.dNSName, "a.other.test").issue()))
        .isEqualTo(CertificateFault.UNKNOWN_AUTHORITY);
    TestAuthority middle = narrow.order("CN=Middle").authority(0).issue();
    assertThat(
            fault(
                authorities, middle.order("CN=a").name(GeneralName.dNSName, "a.acme.test").issue()))
        .as("across an authority that the anchor must not have below it")
        .isEqualTo(CertificateFault.UNKNOWN_AUTHORITY);
  }

  @Test
  void refusesWhatIsRevokedWhoeverElseVouches() {
    TestAuthority client = client().issue();
    EdgeClientAuthority plain = ROOT.of(TENANT, SubjectName.COMMON_NAME);
    EdgeClientAuthority revoking =
        ROOT.of(TENANT, SubjectName.DNS, Optional.empty(), Set.of(client.serial()));
    for (List<EdgeClientAuthority> each :
        Arrays.asList(List.of(revoking), List.of(plain, revoking))) {
      assertThat(fault(new TenantAuthorities(each), client)).isEqualTo(CertificateFault.REVOKED);
    }
    TestAuthority stranger = TestAuthority.root("Other");
    TenantAuthorities others =
        new TenantAuthorities(
            List.of(
                plain,
                stranger.of(TENANT, SubjectName.DNS, Optional.empty(), Set.of(client.serial()))));
    assertThat(letIn(others, client).subject())
        .as("another authority's certificate of the same number")
        .isEqualTo("alice");
  }

  @Test
  void forgetsWhatItKnowsWhenACertificateExpires() {
    Instant now = Instant.now();
    TestAuthority client = client().valid(now.minusSeconds(60), now.plusSeconds(60)).issue();
    TenantAuthorities authorities = trust(ROOT, SubjectName.COMMON_NAME);
    TokenDigest digest = TokenDigest.of("chain");
    authorities.verify(digest, client.chain(), now.toEpochMilli(), 10);
    assertThat(authorities.known(digest, now.plusSeconds(58).toEpochMilli())).isNotNull();
    assertThat(authorities.known(digest, now.plusSeconds(61).toEpochMilli())).isNull();
  }

  @Test
  void survivesAnchorsThatCannotBeRead() {
    EdgeClientAuthority good = ROOT.of(TENANT, SubjectName.COMMON_NAME);
    EdgeClientAuthority bad =
        new EdgeClientAuthority(
            UUID.randomUUID(),
            TENANT,
            "bad",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            SubjectName.DNS,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    assertThat(letIn(new TenantAuthorities(List.of(bad, good)), client().issue()).subject())
        .isEqualTo("alice");
  }
}
