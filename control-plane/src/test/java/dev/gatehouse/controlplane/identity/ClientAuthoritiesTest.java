package dev.gatehouse.controlplane.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.Person;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ClientAuthoritiesTest {
  private static final String EC = Fresh.certificate("ec");
  private static final String RSA = Fresh.certificate("rsa");

  private final ApiClient api = RunningControlPlane.operator();
  private final String tenant = api.post("/v1/tenants", Fresh.tenant()).header("Location");
  private final String authorities = tenant + "/client-authorities";

  @Test
  void createsReadsAndListsAnAuthority() {
    JsonObject wanted =
        Fresh.clientAuthority()
            .put("subject", "spiffe")
            .put("trustDomain", "devices.acme.example")
            .put("subjects", JsonArray.of("spiffe://devices.acme.example/meter/*"))
            .put("roles", JsonArray.of("device"))
            .put("scopes", JsonArray.of("readings:write"))
            .put("revokedSerials", JsonArray.of("1f"));

    Reply created = create(wanted);

    assertThat(created.header("ETag")).isEqualTo("\"1\"");
    JsonObject shown = created.json();
    assertThat(created.header("Location")).isEqualTo(authorities + "/" + shown.getString("id"));
    wanted.forEach(field ->
        assertThat(shown.getValue(field.getKey())).as(field.getKey()).isEqualTo(field.getValue()));
    assertThat(api.get(created.header("Location")).json()).isEqualTo(shown);
    assertThat(api.get(created.header("Location"), "If-None-Match", "\"1\"").status())
        .isEqualTo(304);
    JsonObject second = create(Fresh.clientAuthority()).json();
    assertThat(api.get(authorities).json().getJsonArray("items"))
        .isEqualTo(JsonArray.of(shown, second));
    String cursor = api.get(authorities + "?limit=1").json().getString("nextCursor");
    assertThat(api.get(authorities + "?limit=1&cursor=" + cursor).json().getJsonArray("items"))
        .isEqualTo(JsonArray.of(second));
  }

  @Test
  void showsWhatPeopleTellCertificatesBy() {
    JsonArray summaries =
        create(withCertificates(EC + RSA)).json().getJsonArray("certificateSummaries");

    assertThat(summaries).hasSize(2);
    assertThat(summaries.getJsonObject(0))
        .isEqualTo(
            JsonObject.of(
                "subject",
                "CN=Acme devices,O=Acme",
                "serial",
                "1f",
                "notAfter",
                "2126-11-04T05:29:59Z",
                "fingerprint",
                "d9b57fbd9a93206307ac2750cb338408c46f6b7f6dbe195850e1e3dac0d58dcd"));
    assertThat(summaries.getJsonObject(1).getString("subject"))
        .isEqualTo("CN=Acme services,O=Acme");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ec", "rsa", "ed25519", "sha1-root", "sha256-below"})
  void takesCertificatesThatCanVouch(String name) {
    create(withCertificates(Fresh.certificate(name)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "leaf|certificate 2 (CN=meter-1) must be a certificate authority's",
        "no-cert-sign|certificate 2 (CN=Lists only) must be for signing certificates",
        "expired|certificate 2 (CN=Expired) must be valid: it has expired on 2020-12-31T",
        "rsa-1024|must have an RSA key of 2048 to 8192 bits, found 1024",
        "sha1-below|must not be signed by SHA1withRSA",
        "sha1-pss-below|must not be signed by SHA-1",
      })
  void refusesCertificatesThatCannotVouch(String name, String fault) {
    refuses(EC + Fresh.certificate(name), fault);
  }

  @Test
  void takesNothingBesideCertificates() {
    String begin = "-----BEGIN CERTIFICATE-----\n";
    String end = "-----END CERTIFICATE-----\n";
    String key = "-----BEGIN PRIVATE KEY-----\nTUlJRXZR\n-----END PRIVATE KEY-----\n";
    String body = EC.replace(begin, "").replace(end, "");
    refuses(key + EC, "private key");
    refuses(EC + key.replace("PRIVATE", "ENCRYPTED PRIVATE"), "private key");
    refuses(EC + key.replace("PRIVATE", "EC PRIVATE"), "private key");
    refuses(EC + "and more", "after certificate 1 comes something else");
    refuses("subject=Acme\n" + EC, "must be certificates as PEM");
    refuses("no certificate", "must be certificates as PEM");
    refuses(" ", "must be certificates as PEM");
    refuses(EC + begin + body.substring(64) + end, "certificate 2 is not an X.509 certificate");
    refuses(begin + "AAAA" + end, "certificate 1 is not an X.509 certificate");
    refuses(begin + "A=A=" + end, "certificate 1 is not an X.509 certificate");
    refuses(EC + begin + end, "certificate 2 is not an X.509 certificate");
    refuses(EC.replace("CERTIFICATE", "X509 CRL"), "must be certificates as PEM");
    refuses(EC + EC.replace("CERTIFICATE", "TRUSTED CERTIFICATE"), "after certificate 1");
    refuses(EC.repeat(11), "at most 10 certificates, found 11");
    refuses("-----BEGIN CERTIFICATE-----" + "A\n".repeat(30_000), "must be certificates as PEM");
    assertThat(api.get(authorities).json().getJsonArray("items")).isEmpty();
  }

  @Test
  void keepsCertificatesAsAllReadersTakeThem() {
    String body =
        EC.replace("-----BEGIN CERTIFICATE-----\n", "").replace("-----END CERTIFICATE-----\n", "");
    String odd =
        "\r\n -----BEGIN CERTIFICATE-----"
            + body.replace("\n", "")
            + "-----END CERTIFICATE-----"
            + RSA.replace("\n", "\r\n");
    assertThat(create(withCertificates(odd)).json().getString("certificates")).isEqualTo(EC + RSA);
    create(withCertificates(EC.repeat(10)));
  }

  @Test
  void comparesSerialNumbersInOneForm() {
    JsonArray given = JsonArray.of("00:7A:0f:33", "7a0f33", "0", "00", "0".repeat(50) + "1");
    String path = create(Fresh.clientAuthority().put("revokedSerials", given)).header("Location");
    assertThat(api.get(path).json().getJsonArray("revokedSerials"))
        .isEqualTo(JsonArray.of("7a0f33", "0", "1"));

    for (String wrong : List.of(":", "0x1f", "", "1".repeat(41), "-1", "1 2")) {
      JsonObject patch = JsonObject.of("revokedSerials", JsonArray.of("1", wrong));
      Reply refused = api.patch(path, patch);
      assertThat(refused.status()).as(refused.toString()).isEqualTo(400);
      assertThat(refused.pointers()).containsOnly("/revokedSerials/1");
    }
    JsonArray many = new JsonArray(IntStream.range(0, 1001).mapToObj(Integer::toString).toList());
    assertThat(api.patch(path, JsonObject.of("revokedSerials", many)).pointers())
        .containsExactly("/revokedSerials");
  }

  @Test
  void saysWhatIsOutOfBounds() {
    Map<String, JsonObject> faults =
        Map.of(
            "/name", Fresh.clientAuthority().put("name", ""),
            "/subject", Fresh.clientAuthority().put("subject", "serial"),
            "/trustDomain", Fresh.clientAuthority().put("trustDomain", "a.example"),
            "/subjects", Fresh.clientAuthority().put("subjects", new JsonArray()),
            "/subjects/0", Fresh.clientAuthority().put("subjects", JsonArray.of("a*b")),
            "/roles/0", Fresh.clientAuthority().put("roles", JsonArray.of("No Role")),
            "/scopes/0", Fresh.clientAuthority().put("scopes", JsonArray.of("a b")),
            "/certificates", Fresh.clientAuthority().put("certificates", "x".repeat(65_537)),
            "/certificateSummaries",
                Fresh.clientAuthority().put("certificateSummaries", new JsonArray()));
    faults.forEach((pointer, body) -> {
      Reply refused = api.post(authorities, body);
      assertThat(refused.status()).as(refused.toString()).isEqualTo(400);
      assertThat(refused.pointers()).as(refused.toString()).containsOnly(pointer);
    });
    JsonObject spiffe = Fresh.clientAuthority().put("subject", "spiffe");
    assertThat(api.post(authorities, spiffe).pointers()).containsExactly("/trustDomain");
    assertThat(api.post(authorities, spiffe.put("trustDomain", "A/b")).pointers())
        .containsExactly("/trustDomain");
  }

  @Test
  void changesWhatIsMeantAlsoWhereACertificateHasExpiredMeanwhile() {
    Reply created = create(Fresh.clientAuthority());
    String path = created.header("Location");
    RunningControlPlane.sql(
        """
        UPDATE client_authority
           SET document = jsonb_set(document, '{certificates}', to_jsonb('%s'::text))
         WHERE id = '%s'
        """
            .formatted(Fresh.certificate("expired"), created.json().getString("id")));

    Reply revoked =
        api.patch(path, JsonObject.of("revokedSerials", JsonArray.of("7")), "If-Match", "\"1\"");

    assertThat(revoked.status()).as(revoked.toString()).isEqualTo(200);
    assertThat(revoked.header("ETag")).isEqualTo("\"2\"");
    JsonObject both = JsonObject.of("certificates", Fresh.certificate("expired") + EC);
    assertThat(api.patch(path, both).status()).isEqualTo(200);
    Reply replaced = api.patch(path, JsonObject.of("certificates", EC));
    assertThat(replaced.json().getString("certificates")).isEqualTo(EC);
    assertThat(replaced.json().getJsonArray("revokedSerials")).isEqualTo(JsonArray.of("7"));
    assertThat(api.patch(path, both).pointers()).containsExactly("/certificates");
    assertThat(api.patch(path, new JsonObject(), "If-Match", "\"1\"").status()).isEqualTo(412);
    assertThat(api.delete(path, "If-Match", "\"1\"").status()).isEqualTo(412);
    assertThat(api.delete(path).status()).isEqualTo(204);
    assertThat(api.get(path).problem()).isEqualTo("client-authority-not-found");
  }

  @Test
  void hasEachNameOnceAndTenAtATenantAtMost() {
    JsonObject first = Fresh.clientAuthority();
    create(first);
    Reply taken = api.post(authorities, first);
    assertThat(taken.problem()).isEqualTo("client-authority-name-taken");
    assertThat(taken.pointers()).containsExactly("/name");
    for (int i = 1; i < 10; i++) {
      create(Fresh.clientAuthority());
    }
    Reply refused = api.post(authorities, Fresh.clientAuthority());
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.problem()).isEqualTo("too-many-client-authorities");
    String other = api.post("/v1/tenants", Fresh.tenant()).header("Location");
    assertThat(api.post(other + "/client-authorities", first).status()).isEqualTo(201);
  }

  @Test
  void doesNotFindTheAuthorityOfAnotherTenant() {
    String id = create(Fresh.clientAuthority()).json().getString("id");
    String other = api.post("/v1/tenants", Fresh.tenant()).header("Location");
    String path = other + "/client-authorities/" + id;
    assertThat(api.get(path).problem()).isEqualTo("client-authority-not-found");
    assertThat(api.patch(path, new JsonObject()).status()).isEqualTo(404);
    assertThat(api.delete(path).status()).isEqualTo(404);
    assertThat(api.post(tenant + "/archive").status()).isEqualTo(200);
    assertThat(api.delete(authorities + "/" + id).problem()).isEqualTo("tenant-read-only");
  }

  @ParameterizedTest
  @CsvSource({"auditor, 200, 403", "member, 403, 403", "admin, 200, 201"})
  void asksForItsPermissions(String role, int read, int write) {
    ApiClient member = Person.memberOf(tenant, role).api();
    String one = create(Fresh.clientAuthority()).header("Location");
    assertThat(member.get(authorities).status()).isEqualTo(read);
    assertThat(member.get(one).status()).isEqualTo(read);
    assertThat(member.post(authorities, Fresh.clientAuthority()).status()).isEqualTo(write);
    assertThat(member.delete(one).status()).isEqualTo(write == 201 ? 204 : write);
  }

  @Test
  void recordsWhomATenantTrusts() {
    String path = create(Fresh.clientAuthority()).header("Location");
    api.patch(path, JsonObject.of("revokedSerials", JsonArray.of("7a")));

    JsonObject entry =
        api.get(tenant + "/audit")
            .json()
            .getJsonArray("items")
            .getJsonObject(0)
            .getJsonObject("entry");

    assertThat(entry.getString("action")).isEqualTo("updateClientAuthority");
    assertThat(entry.getJsonObject("before").getString("certificates")).isEqualTo(EC);
    assertThat(entry.getJsonObject("after").getJsonArray("revokedSerials"))
        .isEqualTo(JsonArray.of("7a"));
    assertThat(entry.encode()).doesNotContain("redacted");
  }

  private void refuses(String certificates, String fault) {
    Reply refused = api.post(authorities, withCertificates(certificates));
    assertThat(refused.status()).as(refused.toString()).isEqualTo(400);
    assertThat(refused.problem()).isEqualTo("invalid-body");
    assertThat(refused.pointers()).isEqualTo(Collections.singletonList("/certificates"));
    assertThat(refused.json().getString("detail")).contains(fault);
    assertThat(refused.text()).doesNotContain("TUlJRXZR");
  }

  private Reply create(JsonObject authority) {
    Reply created = api.post(authorities, authority);
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    return created;
  }

  private static JsonObject withCertificates(String pem) {
    return Fresh.clientAuthority().put("certificates", pem);
  }
}
