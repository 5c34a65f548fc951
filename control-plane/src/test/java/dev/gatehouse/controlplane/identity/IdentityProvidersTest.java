package dev.gatehouse.controlplane.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.Person;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class IdentityProvidersTest {
  private static final String X = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

  private final ApiClient api = RunningControlPlane.operator();
  private final String tenant = api.post("/v1/tenants", Fresh.tenant()).header("Location");
  private final String providers = tenant + "/identity-providers";

  @Test
  void createsReadsAndListsAnIdentityProvider() {
    JsonObject wanted =
        provider()
            .put("algorithms", JsonArray.of("ES256", "EdDSA"))
            .put("clockSkew", "PT1M")
            .put("requiredClaims", JsonObject.of("org", "acme"))
            .put(
                "claims",
                JsonObject.of(
                    "subject",
                    "email",
                    "roles",
                    "/realm_access/roles",
                    "scopes",
                    "https://acme.example/scopes",
                    "roleNames",
                    JsonObject.of("Acme Admins", "admin")))
            .put("forwardToken", true);

    Reply created = api.post(providers, wanted);

    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    assertThat(created.header("ETag")).isEqualTo("\"1\"");
    JsonObject shown = created.json();
    assertThat(created.header("Location")).isEqualTo(providers + "/" + shown.getString("id"));
    wanted.forEach(field ->
        assertThat(shown.getValue(field.getKey())).as(field.getKey()).isEqualTo(field.getValue()));
    assertThat(shown.fieldNames())
        .contains("id", "createdAt", "updatedAt")
        .doesNotContain("validFrom", "revokedSubjects", "tenantId");
    Reply read = api.get(created.header("Location"));
    assertThat(read.json()).isEqualTo(shown);
    assertThat(api.get(created.header("Location"), "If-None-Match", "\"1\"").status())
        .isEqualTo(304);
    JsonObject second = create(provider()).json();
    assertThat(api.get(providers).json().getJsonArray("items"))
        .isEqualTo(JsonArray.of(shown, second));
    String cursor = api.get(providers + "?limit=1").json().getString("nextCursor");
    assertThat(api.get(providers + "?limit=1&cursor=" + cursor).json().getJsonArray("items"))
        .isEqualTo(JsonArray.of(second));
  }

  @Test
  void changesOnlyTheVersionThatIsMeant() {
    String path = create(provider().put("clockSkew", "PT1M")).header("Location");
    JsonObject patch =
        new JsonObject()
            .putNull("clockSkew")
            .put("name", "Renamed")
            .put("keys", JsonObject.of("jwks", jwks(okp())).putNull("jwksUrl"));

    Reply patched = api.patch(path, patch, "If-Match", "\"1\"");

    assertThat(patched.status()).as(patched.toString()).isEqualTo(200);
    assertThat(patched.header("ETag")).isEqualTo("\"2\"");
    assertThat(patched.json().containsKey("clockSkew")).isFalse();
    assertThat(patched.json().getString("name")).isEqualTo("Renamed");
    assertThat(patched.json().getJsonObject("keys")).isEqualTo(JsonObject.of("jwks", jwks(okp())));
    assertThat(api.get(path).json()).isEqualTo(patched.json());
    assertThat(api.patch(path, patch, "If-Match", "\"1\"").status()).isEqualTo(412);
    for (String field : List.of("id", "validFrom", "revokedSubjects", "createdAt", "tenantId")) {
      Reply refused = api.patch(path, JsonObject.of(field, "2030-01-01T00:00:00Z"));
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.pointers()).containsExactly("/" + field);
    }
  }

  @Test
  void deletes() {
    String path = create(provider()).header("Location");
    assertThat(api.delete(path, "If-Match", "\"7\"").status()).isEqualTo(412);
    assertThat(api.delete(path).status()).isEqualTo(204);
    assertThat(api.get(path).problem()).isEqualTo("identity-provider-not-found");
    assertThat(api.delete(path).status()).isEqualTo(404);
    assertThat(api.patch(path, new JsonObject()).status()).isEqualTo(404);
    assertThat(api.post(path + "/revocations", new JsonObject()).status()).isEqualTo(404);
  }

  @Test
  void doesNotFindTheIdentityProviderOfAnotherTenant() {
    String id = create(provider()).json().getString("id");
    String other = api.post("/v1/tenants", Fresh.tenant()).header("Location");
    String path = other + "/identity-providers/" + id;

    assertThat(api.get(path).problem()).isEqualTo("identity-provider-not-found");
    assertThat(api.patch(path, new JsonObject()).status()).isEqualTo(404);
    assertThat(api.delete(path).status()).isEqualTo(404);
    assertThat(api.post(path + "/revocations", new JsonObject()).status()).isEqualTo(404);
    assertThat(api.get(other + "/identity-providers").json().getJsonArray("items")).isEmpty();
    assertThat(api.get(providers + "/" + id).header("ETag")).isEqualTo("\"1\"");
  }

  @Test
  void hasEachNameAndIssuerOnceAtATenant() {
    JsonObject first = provider();
    create(first);

    Reply sameName = api.post(providers, provider().put("name", first.getString("name")));
    assertThat(sameName.status()).isEqualTo(409);
    assertThat(sameName.problem()).isEqualTo("identity-provider-name-taken");
    assertThat(sameName.pointers()).containsExactly("/name");
    JsonObject issuer = JsonObject.of("issuer", first.getString("issuer"));
    Reply sameIssuer = api.post(providers, provider().mergeIn(issuer));
    assertThat(sameIssuer.status()).isEqualTo(409);
    assertThat(sameIssuer.problem()).isEqualTo("issuer-taken");
    assertThat(sameIssuer.pointers()).containsExactly("/issuer");
    assertThat(api.patch(create(provider()).header("Location"), issuer).problem())
        .isEqualTo("issuer-taken");
    String other = api.post("/v1/tenants", Fresh.tenant()).header("Location");
    assertThat(api.post(other + "/identity-providers", first).status()).isEqualTo(201);
  }

  @Test
  void hasTwentyAtATenantAtMost() {
    for (int i = 0; i < 20; i++) {
      create(provider());
    }
    Reply refused = api.post(providers, provider());
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.problem()).isEqualTo("too-many-identity-providers");
    assertThat(refused.json().getString("detail")).contains("20");
  }

  @Test
  void changesNothingOfAnArchivedTenant() {
    String path = create(provider()).header("Location");
    assertThat(api.post(tenant + "/archive").status()).isEqualTo(200);
    assertThat(api.post(providers, provider()).problem()).isEqualTo("tenant-read-only");
    assertThat(api.patch(path, JsonObject.of("name", "x")).problem()).isEqualTo("tenant-read-only");
    assertThat(api.post(path + "/revocations", new JsonObject()).problem())
        .isEqualTo("tenant-read-only");
    assertThat(api.get(path).status()).isEqualTo(200);
  }

  @Test
  void saysWhatIsOutOfBounds() {
    Map<String, JsonObject> faults =
        Map.ofEntries(
            fault("/name", "name", " "),
            fault("/issuer", "issuer", ""),
            fault("/issuer", "issuer", "x".repeat(501)),
            fault("/audiences", "audiences", new JsonArray()),
            fault("/audiences", "audiences", texts(21)),
            fault("/audiences", "audiences", JsonArray.of("a", "a")),
            fault("/algorithms", "algorithms", new JsonArray()),
            fault("/algorithms/0", "algorithms", JsonArray.of("HS256")),
            fault("/algorithms/1", "algorithms", JsonArray.of("ES256", "none")),
            fault("/clockSkew", "clockSkew", "PT5M0.001S"),
            fault("/clockSkew", "clockSkew", "-PT1S"),
            fault("/requiredClaims", "requiredClaims", names(21)),
            fault("/requiredClaims/a", "requiredClaims", JsonObject.of("a", 1)),
            fault("/claims/subject", "claims", JsonObject.of("subject", "/a//b")),
            fault("/claims/roles", "claims", JsonObject.of("roles", "/a~2")),
            fault("/claims/roles", "claims", JsonObject.of("roles", "/a/")),
            fault("/claims/roles", "claims", JsonObject.of("roles", "/" + "a~0".repeat(20_000))),
            fault("/claims/subject", "claims", JsonObject.of("subject", "a\nb")),
            fault("/claims/scopes", "claims", JsonObject.of("scopes", "")),
            fault("/claims/other", "claims", JsonObject.of("other", "x")),
            fault("/claims/roleNames", "claims", JsonObject.of("roleNames", new JsonObject())),
            fault(
                "/claims/roleNames/a",
                "claims",
                JsonObject.of("roleNames", JsonObject.of("a", "Not A Role"))),
            fault("/claims/roleNames", "claims", JsonObject.of("roleNames", names(101))),
            fault("/forwardToken", "forwardToken", "yes"),
            fault("/validFrom", "validFrom", "2026-01-01T00:00:00Z"));
    faults.forEach((key, body) -> {
      Reply reply = api.post(providers, body);
      assertThat(reply.status()).as(key + ": " + reply).isEqualTo(400);
      assertThat(reply.problem()).isEqualTo("invalid-body");
      assertThat(reply.pointers()).as(key).containsOnly(key.replaceAll(" .*", ""));
    });
    for (String field : List.of("name", "issuer", "keys", "audiences")) {
      JsonObject body = provider();
      body.remove(field);
      assertThat(api.post(providers, body).pointers()).containsExactly("/" + field);
    }
  }

  @Test
  void takesPublicKeysOnly() {
    JsonObject rsa = JsonObject.of("kty", "RSA", "n", "AQAB", "e", "AQAB", "issuer", "x");
    JsonObject ec = JsonObject.of("kty", "EC", "crv", "P-256", "x", X, "y", X, "ext", true);
    assertThat(create(withKeys(rsa, ec, okp())).status()).isEqualTo(201);

    refusesKeys("/keys/jwks/keys/1/d", rsa, okp().put("d", X));
    refusesKeys("/keys/jwks/keys/0/p", rsa.copy().put("p", "AQAB"));
    refusesKeys("/keys/jwks/keys/0/k", okp().put("k", X));
    refusesKeys("/keys/jwks/keys/0/kty", JsonObject.of("kty", "oct", "alg", "HS256"));
    refusesKeys("/keys/jwks/keys/0/y", JsonObject.of("kty", "EC", "crv", "P-256", "x", X));
    refusesKeys("/keys/jwks/keys/0/x", JsonObject.of("kty", "OKP", "crv", "Ed25519"));
    refusesKeys("/keys/jwks/keys/0/n", JsonObject.of("kty", "RSA", "n", "+/=", "e", "AQAB"));
    refusesKeys("/keys/jwks/keys/0/more", okp().put("more", 1e300));
    refusesKeys("/keys/jwks/keys");
    JsonArray certificates = new JsonArray(List.of("x".repeat(10_000), "y".repeat(10_000)));
    JsonObject large = okp().put("x5c", certificates);
    refusesKeys("/keys/jwks", large, large.copy(), large.copy(), large.copy());
    refusesKeys(
        "/keys/jwks/keys", IntStream.range(0, 101).mapToObj(_ -> okp()).toArray(JsonObject[]::new));
  }

  @Test
  void takesKeysOrTheUrlOfKeys() {
    JsonObject both = JsonObject.of("jwksUrl", "https://id.example.com", "jwks", jwks(okp()));
    for (JsonObject keys : List.of(both, new JsonObject())) {
      Reply reply = api.post(providers, provider().put("keys", keys));
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.pointers()).containsExactly("/keys");
      assertThat(reply.json().getString("detail")).contains("jwksUrl", "jwks");
    }
    String path = create(provider()).header("Location");
    JsonObject more = JsonObject.of("keys", JsonObject.of("jwks", jwks(okp())));
    assertThat(api.patch(path, more).pointers()).containsExactly("/keys");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1/jwks",
        "https://127.255.0.1:8443/jwks",
        "https://0.0.0.0/",
        "https://10.0.0.1/",
        "https://100.64.0.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://172.16.3.4/",
        "https://192.168.1.1/",
        "https://224.0.0.1/",
        "https://255.255.255.255/",
        "https://localhost/",
        "https://LocalHost/",
        "https://localhost./",
        "https://keys.localhost/",
        "https://keys.localhost.:8443/",
        "https://[::1]/",
        "https://[::]/",
        "https://[0:0:0:0:0:0:0:1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::FFFF:7F00:1]/",
        "https://[::127.0.0.1]/",
        "https://[64:ff9b::127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[64:ff9b:1::a00:1]/",
        "https://[2002:7f00:1::]/",
        "https://[2001::1]/",
        "https://[fe80::1]/",
        "https://[fd00::1]/",
        "https://[ff02::1]/",
        "http://1.1.1.1/",
        "http://[2606:4700::1]/",
        "http://id.example.com/jwks",
        "http://localhost/",
        "http://127.0.0.1/",
      })
  void letsNothingBeFetchedFromTheNetworkOfThePlatform(String url) {
    refusesUrl(url, 422, "address-not-allowed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0X7F000001/",
        "https://017700000001/",
        "https://0x7f.0.0.1/",
        "https://0x7f.1/",
        "https://0177.0.0.1/",
        "https://010.0.0.1/",
        "https://127.0.0.01/",
        "https://127.1/",
        "https://127.0.1/",
        "https://127.0.0.1./",
        "https://0/",
        "https://256.1.1.1/",
        "https://1.1.1.1.1/",
        "https://example.0x7f/",
        "https://[fe80::1%25eth0]/",
        "https://[::1",
        "https://[v1.a]/",
        "https://%6c%6fcalhost/",
        "https://%31%32%37.0.0.1/",
        "https://①②⑦.0.0.1/",
        "https://localhost。/",
        "https://localhost../",
        "https://a_b.example.com/",
        "https://user@id.example.com/",
        "https://id.example.com@127.0.0.1/",
        "https://id.example.com\\@127.0.0.1/",
        "https://id.example.com/#keys",
        "https://id.example.com:0/",
        "https://id.example.com:65536/",
        "https://id.example.com/a b",
        "https://id.example.com/\r\nX-Injected: 1",
        "https:///jwks",
        "https:id.example.com",
        "//id.example.com/jwks",
        "HTTPS://id.example.com/jwks",
        "ftp://id.example.com/jwks",
        "file:///etc/passwd",
        "jwks",
      })
  void refusesWhatIsNoPlainUrl(String url) {
    refusesUrl(url, 400, "invalid-body");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://id.example.com/jwks",
        "https://id.example.com.:8443/a?b=c%20d",
        "https://1.1.1.1/jwks",
        "https://[2606:4700::1]:8443/jwks",
        "https://keycloak/jwks",
        "https://xn--mnchen-3ya.example/jwks",
        "https://localhost.example.com/",
        "https://127.0.0.1.example.com/",
      })
  void leavesItToTheGatewaysWhatNamesStandFor(String url) {
    Reply reply = api.post(providers, withUrl(url));
    assertThat(reply.status()).as(reply.toString()).isEqualTo(201);
    assertThat(reply.json().getJsonObject("keys").getString("jwksUrl")).isEqualTo(url);
  }

  @Test
  void refusesAnAddressInAChangeToo() {
    String path = create(provider()).header("Location");
    JsonObject patch = JsonObject.of("keys", JsonObject.of("jwksUrl", "https://10.0.0.1/"));
    Reply refused = api.patch(path, patch);
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.pointers()).containsExactly("/keys/jwksUrl");
    assertThat(api.get(path).header("ETag")).isEqualTo("\"1\"");
  }

  @Test
  void revokesAllTokensThatWereIssued() {
    String path = create(provider()).header("Location");
    revoke(path, JsonObject.of("subject", "ada"));
    Instant before = Instant.now();

    Reply all = revoke(path, new JsonObject());

    assertThat(all.header("ETag")).isEqualTo("\"3\"");
    assertThat(instant(all.json(), "validFrom")).isBetween(before.minusMillis(1), Instant.now());
    assertThat(all.json().containsKey("revokedSubjects")).isFalse();
    assertThat(api.get(path).json()).isEqualTo(all.json());
    Reply patched = api.patch(path, JsonObject.of("name", "Renamed"));
    assertThat(patched.json().getString("validFrom")).isEqualTo(all.json().getString("validFrom"));
  }

  @Test
  void revokesTheTokensOfASubject() {
    String path = create(provider()).header("Location");
    JsonObject all = revoke(path, new JsonObject()).json();
    JsonObject one = revoke(path, JsonObject.of("subject", "ada")).json();
    Reply two = revoke(path, JsonObject.of("subject", "a/b.c~ü"));

    assertThat(two.json().getString("validFrom")).isEqualTo(all.getString("validFrom"));
    JsonObject subjects = two.json().getJsonObject("revokedSubjects");
    assertThat(subjects.fieldNames()).containsExactlyInAnyOrder("ada", "a/b.c~ü");
    assertThat(subjects.getString("ada"))
        .isEqualTo(one.getJsonObject("revokedSubjects").getString("ada"));
    JsonObject again =
        revoke(path, JsonObject.of("subject", "ada")).json().getJsonObject("revokedSubjects");
    assertThat(instant(again, "ada")).isAfter(instant(subjects, "ada"));
    assertThat(again).hasSize(2);
    for (Object subject : List.of("", 1, "x".repeat(256))) {
      assertThat(api.post(path + "/revocations", JsonObject.of("subject", subject)).pointers())
          .containsExactly("/subject");
    }
    String etag = api.get(path).header("ETag");
    Reply empty = api.send("POST", path + "/revocations", "", "Content-Type", "application/json");
    assertThat(empty.status()).isEqualTo(400);
    assertThat(api.get(path).header("ETag")).isEqualTo(etag);
  }

  @Test
  void doesNotLetWhatIsRevokedBeValidAgainWhenAClockIsSetBack() {
    Reply created = create(provider());
    String id = created.json().getString("id");
    RunningControlPlane.sql(
        "UPDATE identity_provider SET valid_from = '2098-01-01T00:00:00Z',"
            + " revoked_subjects = '{\"ada\": \"2099-01-01T00:00:00Z\"}' WHERE id = '%s'"
                .formatted(id));
    JsonObject one = revoke(created.header("Location"), JsonObject.of("subject", "ada")).json();
    assertThat(one.getJsonObject("revokedSubjects").getString("ada"))
        .isEqualTo("2099-01-01T00:00:00Z");
    assertThat(revoke(created.header("Location"), new JsonObject()).json().getString("validFrom"))
        .isEqualTo("2099-01-01T00:00:00Z");
  }

  @Test
  void revokesAThousandSubjectsAtMost() {
    Reply created = create(provider());
    String path = created.header("Location");
    RunningControlPlane.sql(
        """
        UPDATE identity_provider SET revoked_subjects = (
          SELECT jsonb_object_agg('s' || i, '2026-01-01T00:00:00Z') FROM generate_series(1, 1000) i)
         WHERE id = '%s'
        """
            .formatted(created.json().getString("id")));

    Reply refused = api.post(path + "/revocations", JsonObject.of("subject", "one more"));
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.problem()).isEqualTo("too-many-revoked-subjects");
    assertThat(refused.json().getString("detail")).contains("1000", "all of its tokens");
    Reply again = revoke(path, JsonObject.of("subject", "s7"));
    assertThat(again.json().getJsonObject("revokedSubjects")).hasSize(1000);
    revoke(path, new JsonObject());
    Reply free = revoke(path, JsonObject.of("subject", "one more"));
    assertThat(free.json().getJsonObject("revokedSubjects")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "auditor, 200, 403",
    "member, 403, 403",
    "reads, 200, 403",
    "writes, 403, 201",
    "admin, 200, 201"
  })
  void asksForItsPermissions(String role, int read, int write) {
    createRole("reads", "identity:read");
    createRole("writes", "identity:write");
    ApiClient member = Person.memberOf(tenant, role).api();
    String one = create(provider()).header("Location");

    assertThat(member.get(providers).status()).isEqualTo(read);
    assertThat(member.get(one).status()).isEqualTo(read);
    assertThat(member.post(providers, provider()).status()).isEqualTo(write);
    int change = write == 201 ? 200 : write;
    assertThat(member.patch(one, new JsonObject()).status()).isEqualTo(change);
    assertThat(member.post(one + "/revocations", new JsonObject()).status()).isEqualTo(change);
    assertThat(member.delete(one).status()).isEqualTo(write == 201 ? 204 : write);
  }

  @Test
  void recordsWhomATenantTrustsWithTheirKeys() {
    String path = create(withKeys(okp())).header("Location");
    revoke(path, JsonObject.of("subject", "ada"));

    JsonArray trail = api.get(tenant + "/audit").json().getJsonArray("items");

    JsonObject revoked = trail.getJsonObject(0).getJsonObject("entry");
    assertThat(revoked.getString("action")).isEqualTo("revokeIdentityTokens");
    assertThat(revoked.getString("resource")).isEqualTo(path + "/revocations");
    assertThat(revoked.getJsonObject("before").containsKey("revokedSubjects")).isFalse();
    assertThat(revoked.getJsonObject("after").getJsonObject("revokedSubjects").fieldNames())
        .containsExactly("ada");
    JsonObject created = trail.getJsonObject(1).getJsonObject("entry");
    assertThat(created.getString("action")).isEqualTo("createIdentityProvider");
    assertThat(created.getJsonObject("after").encode()).contains(X).doesNotContain("redacted");
  }

  @Test
  void letsATenantAskForTokens() {
    JsonObject auth = JsonObject.of("methods", JsonArray.of("anonymous", "api-key", "jwt"));
    Reply patched = api.patch(tenant, JsonObject.of("config", JsonObject.of("auth", auth)));
    assertThat(patched.status()).as(patched.toString()).isEqualTo(200);
    assertThat(patched.json().getJsonObject("config").getJsonObject("auth")).isEqualTo(auth);
  }

  private void refusesUrl(String url, int status, String problem) {
    Reply reply = api.post(providers, withUrl(url));
    assertThat(reply.status()).as(reply.toString()).isEqualTo(status);
    assertThat(reply.problem()).isEqualTo(problem);
    assertThat(reply.pointers()).containsExactly("/keys/jwksUrl");
    assertThat(api.get(providers).json().getJsonArray("items")).isEmpty();
  }

  private void refusesKeys(String pointer, JsonObject... keys) {
    Reply reply = api.post(providers, withKeys(keys));
    assertThat(reply.status()).as(reply.toString()).isEqualTo(400);
    assertThat(reply.pointers()).as(reply.toString()).containsExactly(pointer);
  }

  private Reply create(JsonObject provider) {
    Reply created = api.post(providers, provider);
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    return created;
  }

  private Reply revoke(String path, JsonObject what) {
    Reply revoked = api.post(path + "/revocations", what);
    assertThat(revoked.status()).as(revoked.toString()).isEqualTo(200);
    return revoked;
  }

  private void createRole(String name, String permission) {
    JsonObject role = JsonObject.of("name", name, "permissions", JsonArray.of(permission));
    assertThat(api.post(tenant + "/roles", role).status()).isEqualTo(201);
  }

  private static JsonObject provider() {
    return Fresh.identityProvider();
  }

  private static JsonObject withUrl(String url) {
    return provider().put("keys", JsonObject.of("jwksUrl", url));
  }

  private static JsonObject withKeys(JsonObject... keys) {
    return provider().put("keys", JsonObject.of("jwks", jwks(keys)));
  }

  private static JsonObject jwks(JsonObject... keys) {
    return JsonObject.of("keys", new JsonArray(List.of(keys)));
  }

  private static JsonObject okp() {
    return JsonObject.of("kty", "OKP", "crv", "Ed25519", "kid", "k1", "x", X);
  }

  /** The same pointer can be wrong in several ways. */
  private static Map.Entry<String, JsonObject> fault(String pointer, String field, Object value) {
    return Map.entry(pointer + " of " + value, provider().put(field, value));
  }

  private static JsonArray texts(int count) {
    return new JsonArray(IntStream.range(0, count).mapToObj(i -> "a" + i).toList());
  }

  private static JsonObject names(int count) {
    return new JsonObject(
        IntStream.range(0, count)
            .boxed()
            .collect(Collectors.toMap(i -> "a" + i, i -> (Object) ("b" + i))));
  }

  private static Instant instant(JsonObject json, String name) {
    return Instant.parse(json.getString(name));
  }
}
