package dev.gatehouse.controlplane.certificate;

import static dev.gatehouse.controlplane.certificate.TestCertificates.document;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.tls.CertificateAndKey;
import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.Person;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.time.Duration;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CertificatesTest {
  private static final Duration MONTH = Duration.ofDays(30);

  private final ApiClient api = RunningControlPlane.operator();
  private final String tenant = api.post("/v1/tenants", Fresh.tenant()).header("Location");
  private final String certificates = tenant + "/certificates";

  private Reply upload(CertificateAndKey certificate) {
    Reply created = api.post(certificates, document(certificate));
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    return created;
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA"})
  void takesShowsReplacesAndDeletesACertificate(String keyType) {
    CertificateAndKey first =
        TestCertificates.of(
            KeyPurposeId.id_kp_serverAuth,
            MONTH,
            TestCertificates.key(keyType, keyType.equals("EC") ? 256 : 2048),
            "shop.example.com",
            "*.shop.example.com");

    Reply created = upload(first);

    String path = created.header("Location");
    JsonObject shown = created.json();
    assertThat(path).isEqualTo(certificates + "/" + shown.getString("id"));
    assertThat(created.header("ETag")).isEqualTo("\"1\"");
    assertThat(shown.getString("source")).isEqualTo("uploaded");
    assertThat(shown.getJsonArray("names"))
        .isEqualTo(JsonArray.of("shop.example.com", "*.shop.example.com"));
    assertThat(shown.getString("keyType")).isEqualTo(keyType);
    assertThat(shown.getString("chain")).isEqualTo(first.chainPem());
    assertThat(shown.fieldNames()).doesNotContain("privateKey");
    assertThat(api.get(path).json()).isEqualTo(shown);
    assertThat(api.get(certificates).json().getJsonArray("items")).isEqualTo(JsonArray.of(shown));

    CertificateAndKey second = TestCertificates.of("shop.example.com");
    Reply replaced = api.put(path, document(second), "If-Match", "\"1\"");
    assertThat(replaced.status()).as(replaced.toString()).isEqualTo(200);
    assertThat(replaced.header("ETag")).isEqualTo("\"2\"");
    assertThat(api.get(path).json().getString("chain")).isEqualTo(second.chainPem());
    assertThat(api.put(path, document(first), "If-Match", "\"1\"").status()).isEqualTo(412);

    assertThat(api.delete(path).status()).isEqualTo(204);
    assertThat(api.get(path).problem()).isEqualTo("certificate-not-found");
  }

  @Test
  void refusesWhatNoClientWouldTakeAndSaysWhy() {
    CertificateAndKey good = TestCertificates.of("a.example.com");
    CertificateAndKey other = TestCertificates.of("b.example.com");
    refuses(good.chainPem(), other.keyPem(), "/privateKey", "is not the key of the first");
    refuses(good.chainPem(), "no key", "/privateKey", "must be PEM");
    refuses("no certificate", good.keyPem(), "/chain", "must be PEM");
    refuses(good.keyPem(), good.keyPem(), "/chain", "CERTIFICATE alone, found one of PRIVATE KEY");
    refuses(good.chainPem(), good.chainPem(), "/privateKey", "PRIVATE KEY alone");
    refuses(
        good.chainPem() + other.chainPem(), good.keyPem(), "/chain", "must be the issuer of the");
    refuses(TestCertificates.of(), "must name hosts");
    refuses(
        TestCertificates.of(
            KeyPurposeId.id_kp_clientAuth, MONTH, TestCertificates.key("EC", 256), "a.test"),
        "must be for servers");
    refuses(
        TestCertificates.of(
            KeyPurposeId.id_kp_serverAuth,
            Duration.ofDays(-1),
            TestCertificates.key("EC", 256),
            "a.test"),
        "must be valid: it has expired");
    refuses(
        TestCertificates.of(
            KeyPurposeId.id_kp_serverAuth, MONTH, TestCertificates.key("RSA", 1024), "a.test"),
        "RSA key of 2048 to 8192 bits");
    refuses(
        TestCertificates.of("a.test").chainPem(),
        TestCertificates.of(
                KeyPurposeId.id_kp_serverAuth, MONTH, TestCertificates.key("RSA", 2048), "a.test")
            .keyPem(),
        "/privateKey",
        "must be a private key of the certificate's algorithm, EC");
    assertThat(api.get(certificates).json().getJsonArray("items")).isEmpty();
  }

  /** Each handshake would keep the others of a gateway waiting. */
  @Test
  void refusesKeysThatTakeLongToSignWith() throws Exception {
    refuses(
        resource("/certificates/rsa-4608.crt"),
        resource("/certificates/rsa-4608.key"),
        "/chain",
        "RSA key of at most 4096 bits");
    CertificateAndKey good =
        TestCertificates.of(
            KeyPurposeId.id_kp_serverAuth, MONTH, TestCertificates.key("RSA", 2048), "a.test");
    RSAPrivateCrtKey key = (RSAPrivateCrtKey) good.key();
    // The same signatures, after ten times as many steps.
    BigInteger period = key.getPrimeP().subtract(BigInteger.ONE);
    PrivateKey slow =
        KeyFactory.getInstance("RSA")
            .generatePrivate(
                new RSAPrivateCrtKeySpec(
                    key.getModulus(),
                    key.getPublicExponent(),
                    key.getPrivateExponent(),
                    key.getPrimeP(),
                    key.getPrimeQ(),
                    key.getPrimeExponentP().add(period.shiftLeft(10_000)),
                    key.getPrimeExponentQ(),
                    key.getCrtCoefficient()));
    CertificateAndKey costly = new CertificateAndKey(good.chain(), slow);
    costly.requireMatch();
    refuses(costly.chainPem(), costly.keyPem(), "/privateKey", "no number longer than it needs");
    assertThat(api.post(certificates, document(good)).status()).isEqualTo(201);
  }

  /** A key that would take a minute to make. */
  private static String resource(String name) throws IOException {
    try (InputStream in = CertificatesTest.class.getResourceAsStream(name)) {
      return new String(requireNonNull(in).readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private void refuses(CertificateAndKey certificate, String fault) {
    refuses(certificate.chainPem(), certificate.keyPem(), "/chain", fault);
  }

  private void refuses(String chain, String key, String pointer, String fault) {
    Reply refused =
        api.post(certificates, new JsonObject().put("chain", chain).put("privateKey", key));
    assertThat(refused.status()).as(refused.toString()).isEqualTo(400);
    assertThat(refused.pointers()).contains(pointer);
    assertThat(refused.json().getString("detail")).contains(fault);
    key.lines()
        .skip(1)
        .findFirst()
        .ifPresent(body -> assertThat(refused.text()).doesNotContain(body));
  }

  @Test
  void theTrailShowsTheCertificateAndNeverItsKey() {
    CertificateAndKey certificate = TestCertificates.of("a.example.com");
    String path = upload(certificate).header("Location");
    api.put(path, document(TestCertificates.of("b.example.com")));
    api.delete(path);

    String trail = api.get(tenant + "/audit").text();

    assertThat(trail)
        .contains("createCertificate", "replaceCertificate", "deleteCertificate")
        .contains("a.example.com", "b.example.com")
        .doesNotContain("PRIVATE")
        .doesNotContain(certificate.keyPem().lines().skip(1).findFirst().orElseThrow());
  }

  @Test
  void oneTenantSeesNothingOfAnothers() {
    String id = upload(TestCertificates.of("a.example.com")).json().getString("id");
    String other = api.post("/v1/tenants", Fresh.tenant()).header("Location");
    String path = other + "/certificates/" + id;
    assertThat(api.get(path).status()).isEqualTo(404);
    assertThat(api.put(path, document(TestCertificates.of("a.example.com"))).status())
        .isEqualTo(404);
    assertThat(api.delete(path).status()).isEqualTo(404);
    assertThat(api.get("/v1/certificates/" + id).status()).isEqualTo(404);
    assertThat(api.get(certificates + "/" + id).status()).isEqualTo(200);
  }

  @Test
  void thePlatformHasItsOwn() {
    Reply created =
        api.post("/v1/certificates", document(TestCertificates.of("*.saas.example.com")));
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    String path = created.header("Location");
    assertThat(path).startsWith("/v1/certificates/");
    assertThat(api.get(path).json()).isEqualTo(created.json());
    assertThat(api.get("/v1/certificates").text()).contains(created.json().getString("id"));
    assertThat(api.get(certificates).json().getJsonArray("items")).isEmpty();
    assertThat(api.put(path, document(TestCertificates.of("*.saas.example.com"))).status())
        .isEqualTo(200);
    assertThat(Person.memberOf(tenant, "owner").api().get("/v1/certificates").status())
        .isEqualTo(403);
    assertThat(api.delete(path).status()).isEqualTo(204);
  }

  @ParameterizedTest
  @CsvSource({"auditor, 200, 403", "member, 403, 403", "admin, 200, 201"})
  void asksForItsPermissions(String role, int read, int write) {
    ApiClient member = Person.memberOf(tenant, role).api();
    String one = upload(TestCertificates.of("a.example.com")).header("Location");
    assertThat(member.get(certificates).status()).isEqualTo(read);
    assertThat(member.get(one).status()).isEqualTo(read);
    assertThat(member.post(certificates, document(TestCertificates.of("b.example.com"))).status())
        .isEqualTo(write);
    assertThat(member.delete(one).status()).isEqualTo(write == 201 ? 204 : write);
  }

  @Test
  void whatWasOrderedIsNotReplacedByHand() {
    Reply created = upload(TestCertificates.of("a.example.com"));
    String path = created.header("Location");
    RunningControlPlane.sql(
        "UPDATE certificate SET host = 'a.example.com' WHERE id = '%s'"
            .formatted(created.json().getString("id")));
    Reply refused = api.put(path, document(TestCertificates.of("a.example.com")));
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.problem()).isEqualTo("certificate-is-ordered");
    assertThat(api.get(path).json().getString("source")).isEqualTo("acme");
  }

  @Test
  void hasRoomForFifty() {
    JsonObject one = document(TestCertificates.of("a.example.com"));
    for (int i = 0; i < CertificateService.MAX_UPLOADED; i++) {
      assertThat(api.post(certificates, one).status()).isEqualTo(201);
    }
    Reply refused = api.post(certificates, one);
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.problem()).isEqualTo("too-many-certificates");
  }
}
