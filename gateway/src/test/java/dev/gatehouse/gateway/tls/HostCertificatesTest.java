package dev.gatehouse.gateway.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.contract.edge.EdgeAcmeChallenge;
import dev.gatehouse.contract.edge.EdgeCertificate;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.gateway.Platform;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which certificate is shown at which host, over real TLS. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostCertificatesTest {
  private static final TestAuthority CA = TestAuthority.root("Public");

  private Platform platform;
  private TestTenant tenant;
  private TestTenant other;

  @BeforeAll
  void start() throws Exception {
    platform = Platform.withTls();
    tenant = platform.tenant();
    other = platform.tenant();
  }

  @AfterAll
  void stop() {
    platform.close();
  }

  private static TestAuthority server(String... names) {
    return CA.order("CN=" + names[0]).server(names).issue();
  }

  private EdgeCertificate show(TestAuthority certificate, TestTenant at)
      throws InterruptedException {
    return put(certificate.at(Optional.of(at.edge().id())));
  }

  private <T extends EdgeObject> T put(T object) throws InterruptedException {
    platform.feed.awaitApplied(platform.feed.put(object));
    return object;
  }

  private void remove(EdgeObject object) throws InterruptedException {
    platform.feed.awaitApplied(platform.feed.remove(object.kind(), object.key()));
  }

  private TlsCaller caller() throws Exception {
    return new TlsCaller(platform.gateway.httpsPort().orElseThrow(), null);
  }

  private BigInteger shownAt(String name) throws Exception {
    return shownAt(name, "TLSv1.3", _ -> {});
  }

  private BigInteger shownAt(String name, String protocol, Consumer<SSLParameters> choice)
      throws Exception {
    try (SSLSocket socket = caller().open(name, protocol, choice)) {
      return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
    }
  }

  private static BigInteger serial(TestAuthority certificate) {
    return certificate.certificate().getSerialNumber();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void eachHostShowsItsOwn(String protocol) throws Exception {
    TestAuthority own = server(tenant.host());
    EdgeCertificate shown = show(own, tenant);
    assertThat(shownAt(tenant.host(), protocol, _ -> {})).isEqualTo(serial(own));
    assertThat(shownAt(tenant.host().toUpperCase(Locale.ROOT), protocol, _ -> {}))
        .isEqualTo(serial(own));
    assertThat(shownAt(other.host(), protocol, _ -> {})).isNotEqualTo(serial(own));
    remove(shown);
    assertThat(shownAt(tenant.host(), protocol, _ -> {})).isNotEqualTo(serial(own));
  }

  @Test
  void nobodysCertificateIsShownAtTheHostOfAnother() throws Exception {
    TestAuthority greedy = server(tenant.host(), other.host(), "*." + Platform.BASE_DOMAIN);
    EdgeCertificate shown = show(greedy, tenant);
    assertThat(shownAt(tenant.host())).isEqualTo(serial(greedy));
    assertThat(shownAt(other.host())).isNotEqualTo(serial(greedy));
    assertThat(shownAt("nobody." + Platform.BASE_DOMAIN)).isNotEqualTo(serial(greedy));
    remove(shown);
  }

  @Test
  void thePlatformsServesAllThatHaveNoneOfTheirOwn() throws Exception {
    TestAuthority wildcard = server("*." + Platform.BASE_DOMAIN);
    TestAuthority own = server(tenant.host());
    EdgeCertificate platforms = put(wildcard.at(Optional.empty()));
    EdgeCertificate tenants = show(own, tenant);
    assertThat(shownAt(tenant.host())).isEqualTo(serial(own));
    assertThat(shownAt(other.host())).isEqualTo(serial(wildcard));
    assertThat(shownAt("nobody." + Platform.BASE_DOMAIN)).isEqualTo(serial(wildcard));
    assertThat(shownAt("a.b." + Platform.BASE_DOMAIN)).isNotEqualTo(serial(wildcard));
    assertThat(shownAt(Platform.BASE_DOMAIN)).isNotEqualTo(serial(wildcard));
    remove(platforms);
    remove(tenants);
  }

  @Test
  void whatIsReplacedIsShownToTheNext() throws Exception {
    TestAuthority first = server(tenant.host());
    TestAuthority second = server(tenant.host());
    EdgeCertificate shown = show(first, tenant);
    try (RawClient open = caller().connect(tenant.host(), "TLSv1.3")) {
      assertThat(shownAt(tenant.host())).isEqualTo(serial(first));
      EdgeCertificate renewed = second.at(Optional.of(tenant.edge().id()));
      put(new EdgeCertificate(shown.id(), shown.tenantId(), renewed.chain(), renewed.privateKey()));
      assertThat(shownAt(tenant.host())).isEqualTo(serial(second));
      assertThat(TlsCaller.get(open, tenant.host(), key(tenant)).status())
          .as("a connection of before goes on")
          .isEqualTo(200);
    }
    remove(shown);
  }

  @Test
  void operatorsSeeWhichOneIsOverFirst() throws Exception {
    Instant soon = Instant.now().plus(Duration.ofMinutes(7)).truncatedTo(ChronoUnit.SECONDS);
    Instant later = soon.plus(Duration.ofDays(60));
    TestAuthority first =
        CA.order("CN=first")
            .server(tenant.host())
            .valid(soon.minus(Duration.ofDays(2)), soon)
            .issue();
    TestAuthority renewed =
        CA.order("CN=renewed")
            .server(tenant.host())
            .valid(soon.minus(Duration.ofDays(1)), later)
            .issue();

    EdgeCertificate before = show(first, tenant);
    JsonObject view = new JsonObject(admin("/certificates"));
    JsonObject next = view.getJsonArray("certificates").getJsonObject(0);
    assertThat(next.getMap())
        .containsEntry("use", "tenant")
        .containsEntry("owner", tenant.edge().id().toString())
        .containsEntry("subject", "CN=first")
        .containsEntry("notAfter", soon.toString());
    assertThat(admin("/metrics"))
        .contains("gatehouse_certificates " + view.getInteger("count") + ".0")
        .contains(
            "gatehouse_certificates_first_end_timestamp_seconds " + (double) soon.getEpochSecond());

    EdgeCertificate after = show(renewed, tenant);
    assertThat(admin("/certificates"))
        .as("nobody is shown it any more")
        .contains("CN=renewed")
        .doesNotContain("CN=first", "PRIVATE");
    remove(before);
    remove(after);
  }

  private String admin(String path) throws IOException {
    return RawClient.send(
            platform.gateway.adminPort(), "GET " + path + " HTTP/1.1", "Host: localhost")
        .body();
  }

  @Test
  void aHostMayHaveOneOfEachKind() throws Exception {
    TestAuthority curve = server(tenant.host());
    TestAuthority rsa =
        CA.order("CN=rsa").server(tenant.host()).keys(TestAuthority.key("RSA", 2048)).issue();
    EdgeCertificate one = show(curve, tenant);
    EdgeCertificate two = show(rsa, tenant);
    assertThat(shownAt(tenant.host(), "TLSv1.2", suites("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")))
        .isEqualTo(serial(rsa));
    assertThat(shownAt(tenant.host(), "TLSv1.2", suites("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")))
        .isEqualTo(serial(curve));
    remove(one);
    remove(two);
  }

  @Test
  void whatCannotBeReadChangesNothing() throws Exception {
    TestAuthority own = server(tenant.host());
    EdgeCertificate shown = show(own, tenant);
    put(new EdgeCertificate(shown.id(), shown.tenantId(), "no certificate", "no key"));
    assertThat(shownAt(tenant.host())).isEqualTo(serial(own));
    remove(shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384",
        "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"
      })
  void nothingButAuthenticatedEncryption(String suite) throws Exception {
    EdgeCertificate shown = show(server(tenant.host()), tenant);
    assertThatThrownBy(() -> shownAt(tenant.host(), "TLSv1.2", suites(suite)))
        .isInstanceOf(SSLHandshakeException.class);
    remove(shown);
  }

  private static Consumer<SSLParameters> suites(String... suites) {
    return parameters -> parameters.setCipherSuites(suites);
  }

  @Test
  void authoritiesAreShownTheAnswerAndNobodyElse() throws Exception {
    String host = "challenged-" + UUID.randomUUID() + ".test";
    TestAuthority answer = TestAuthority.selfSigned("CN=acme").server(host).issue();
    EdgeCertificate asEdge = answer.at(Optional.empty());
    String token = "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ";
    String authorization = token + ".9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI";
    EdgeAcmeChallenge challenge =
        put(
            new EdgeAcmeChallenge(
                new Hostname(host),
                Optional.of(new EdgeAcmeChallenge.Http(token, authorization)),
                Optional.of(new EdgeAcmeChallenge.Tls(asEdge.chain(), asEdge.privateKey()))));

    assertThat(shownAt(host, "TLSv1.3", protocols("acme-tls/1"))).isEqualTo(serial(answer));
    assertThat(shownAt(host, "TLSv1.2", protocols("acme-tls/1"))).isEqualTo(serial(answer));
    assertThat(shownAt(host, "TLSv1.3", protocols("http/1.1"))).isNotEqualTo(serial(answer));
    assertThat(shownAt(host)).isNotEqualTo(serial(answer));
    assertThatThrownBy(() -> shownAt(other.host(), "TLSv1.3", protocols("acme-tls/1")))
        .isInstanceOf(SSLHandshakeException.class);

    assertThat(asked(host, token).body()).isEqualTo(authorization);
    assertThat(asked(host, token + "x").status()).isEqualTo(404);
    assertThat(asked("another-host.test", token).status()).isEqualTo(404);

    remove(challenge);
    assertThat(asked(host, token).status()).isEqualTo(404);
    assertThatThrownBy(() -> shownAt(host, "TLSv1.3", protocols("acme-tls/1")))
        .isInstanceOf(SSLHandshakeException.class);
  }

  private RawClient.Response asked(String host, String token) throws Exception {
    return RawClient.send(
        platform.gateway.httpPort(),
        "GET " + EdgeAcmeChallenge.PATH + token + " HTTP/1.1",
        "Host: " + host);
  }

  private static Consumer<SSLParameters> protocols(String... protocols) {
    return parameters -> parameters.setApplicationProtocols(protocols);
  }

  private static String key(TestTenant of) {
    return "X-API-Key: " + of.key().reveal();
  }

  @Test
  void aConnectionIsForTheHostsOfOneTenant() throws Exception {
    // A client of the JDK that resumes a session repeats its name, so that each is a new one.
    assertThat(caller().get(tenant.host(), other.host(), key(other)).status()).isEqualTo(421);
    assertThat(caller().get(tenant.host(), tenant.host(), key(tenant)).status()).isEqualTo(200);
    assertThat(caller().get("nobody.test", other.host(), key(other)).status())
        .as("a name that is nobody's says nothing")
        .isEqualTo(200);
    try (RawClient unnamed = caller().connect(null, "TLSv1.3")) {
      assertThat(TlsCaller.get(unnamed, other.host(), key(other)).status()).isEqualTo(200);
    }
  }
}
