package dev.gatehouse.controlplane.keyset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Concurrently;
import dev.gatehouse.controlplane.ControlPlane;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.MigratedDatabase;
import dev.gatehouse.controlplane.OneControlPlane;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.Sql;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What applications do with a tenant's keys, and what nobody can do with them. */
@Timeout(120)
class KeysTest {
  private static final String PLAIN = "w4ter-under-the-bridge";
  private static final String URL = MigratedDatabase.freshUrl();

  private static ControlPlane controlPlane;
  private static ControlPlane other;
  private static ApiClient api;

  /** The same through another instance. */
  private static ApiClient elsewhere;

  private static Sql sql;

  private String id = "";
  private String tenant = "";

  @BeforeAll
  static void start() {
    controlPlane = OneControlPlane.start(URL);
    other = OneControlPlane.start(URL);
    api = OneControlPlane.operator(controlPlane);
    elsewhere =
        OneControlPlane.client(other, controlPlane.firstTokens().orElseThrow().operatorToken());
    sql = new Sql(URL);
  }

  @AfterAll
  static void stop() {
    sql.close();
    other.close();
    controlPlane.close();
  }

  @BeforeEach
  void makeTenant() {
    id = newTenant();
    tenant = "/v1/tenants/" + id;
  }

  private static String newTenant() {
    return api.post("/v1/tenants", Fresh.tenant()).json().getString("id");
  }

  @Test
  void encryptsAndDecryptsOnAnyInstance() {
    String ciphertext = encrypt(api, "customers/17");
    assertThat(ciphertext).matches("gk1\\.[0-9a-f]{8}\\.[A-Za-z0-9_-]{60,}");
    assertThat(decrypt(elsewhere, ciphertext, "customers/17")).isEqualTo(PLAIN);
    assertThat(encrypt(api, "customers/17")).isNotEqualTo(ciphertext);
    assertThat(sql.count("SELECT count(*) FROM tenant_keyset WHERE tenant_id = ?::uuid", id))
        .isEqualTo(1);
  }

  @Test
  void refusesAForeignContextAndWhateverWasAltered() {
    String ciphertext = encrypt(api, "customers/17");
    assertRefused(tenant, ciphertext, "customers/18");
    assertRefused(tenant, ciphertext, "");
    for (int at = 0; at < ciphertext.length(); at += 7) {
      char changed = ciphertext.charAt(at) == 'a' ? 'b' : 'a';
      String altered = ciphertext.substring(0, at) + changed + ciphertext.substring(at + 1);
      assertRefused(tenant, altered, "customers/17");
    }
    assertRefused(tenant, ciphertext.substring(0, 20), "customers/17");
    assertRefused(tenant, ciphertext + "A", "customers/17");
  }

  @Test
  void refusesTheCiphertextOfAnotherTenantAlsoWithItsKeysetInPlaceOfTheOwn() {
    String ciphertext = encrypt(api, "c");
    String foreign = newTenant();
    String path = "/v1/tenants/" + foreign;
    assertThat(api.post(path + "/keys/encrypt", plain("c")).status()).isEqualTo(200);
    assertRefused(path, ciphertext, "c");
    sql.execute(
        """
        UPDATE tenant_keyset SET wrapped =
               (SELECT wrapped FROM tenant_keyset WHERE tenant_id = '%s' AND kind = 'data')
         WHERE tenant_id = '%s' AND kind = 'data'
        """
            .formatted(id, foreign));
    Reply swapped = api.post(path + "/keys/decrypt", sealed(ciphertext, "c"));
    assertThat(swapped.status()).isEqualTo(500);
    assertThat(swapped.text()).doesNotContain(PLAIN);
  }

  @Test
  void tellsNoDifferenceBetweenRefusals() {
    String ciphertext = encrypt(api, "c");
    Set<String> details = new HashSet<>();
    for (String one : List.of("gk1.00000000.AAAA", ciphertext + "AAAA", "nothing")) {
      Reply refused = api.post(tenant + "/keys/decrypt", sealed(one, "c"));
      details.add(refused.json().getString("detail"));
    }
    details.add(
        api.post(tenant + "/keys/decrypt", sealed(ciphertext, "d")).json().getString("detail"));
    assertThat(details).hasSize(1);
  }

  @Test
  void answersABatchOneByOne() {
    String ciphertext = encrypt(api, "a");
    JsonArray items =
        JsonArray.of(sealed(ciphertext, "a"), sealed(ciphertext, "b"), sealed(ciphertext, "a"));
    Reply reply = api.post(tenant + "/keys/decrypt/batch", JsonObject.of("items", items));
    assertThat(reply.status()).isEqualTo(200);
    JsonArray results = reply.json().getJsonArray("items");
    assertThat(results.getJsonObject(0).getString("plaintext")).isEqualTo(base64(PLAIN));
    assertThat(results.getJsonObject(1).getJsonObject("problem").getString("type"))
        .endsWith("/ciphertext-refused");
    assertThat(results.getJsonObject(2).getString("plaintext")).isEqualTo(base64(PLAIN));

    JsonArray tooMany = new JsonArray();
    for (int i = 0; i < 101; i++) {
      tooMany.add(plain("a"));
    }
    assertThat(api.post(tenant + "/keys/encrypt/batch", JsonObject.of("items", tooMany)).status())
        .isEqualTo(400);
    assertThat(api.post(tenant + "/keys/encrypt", JsonObject.of("plaintext", "AAAAA")).status())
        .isEqualTo(400);
  }

  @Test
  void rotatesRewrapsAndDestroys() {
    String first = encrypt(api, "c");
    Reply rotated = api.post(tenant + "/keys/data/rotate");
    assertThat(rotated.status()).as(rotated.text()).isEqualTo(200);
    JsonArray versions = rotated.json().getJsonArray("versions");
    assertThat(versions).hasSize(2);
    String second = encrypt(elsewhere, "c");
    assertThat(keyOf(second))
        .isNotEqualTo(keyOf(first))
        .isEqualTo(versions.getJsonObject(0).getString("id"));
    assertThat(decrypt(api, first, "c")).isEqualTo(PLAIN);

    Reply rewrapped = api.post(tenant + "/keys/rewrap", sealed(first, "c"));
    String third = rewrapped.json().getString("ciphertext");
    assertThat(keyOf(third)).isEqualTo(keyOf(second));
    assertThat(decrypt(elsewhere, third, "c")).isEqualTo(PLAIN);

    assertThat(api.delete(tenant + "/keys/data/" + keyOf(second)).problem())
        .isEqualTo("key-in-use");
    assertThat(api.delete(tenant + "/keys/data/" + keyOf(first)).status()).isEqualTo(204);
    assertThat(api.delete(tenant + "/keys/data/" + keyOf(first)).problem())
        .isEqualTo("key-not-found");
    for (ApiClient client : List.of(api, elsewhere)) {
      assertThat(client.post(tenant + "/keys/decrypt", sealed(first, "c")).status()).isEqualTo(422);
      assertThat(decrypt(client, third, "c")).isEqualTo(PLAIN);
    }
    assertThat(api.get(tenant + "/audit").text())
        .contains("rotateKeyset")
        .contains("destroyKey")
        .contains(keyOf(first));
  }

  @Test
  void failsNoDecryptWhileKeysAreRotated() {
    List<Boolean> outcomes =
        Concurrently.call(
            6,
            worker -> {
              ApiClient client = worker % 2 == 0 ? api : elsewhere;
              List<String> ciphertexts = new ArrayList<>();
              for (int round = 0; round < 15; round++) {
                if (worker == 0) {
                  assertThat(client.post(tenant + "/keys/data/rotate").status()).isEqualTo(200);
                }
                ciphertexts.add(encrypt(client, "c"));
                for (String ciphertext : ciphertexts) {
                  assertThat(decrypt(worker % 3 == 0 ? api : elsewhere, ciphertext, "c"))
                      .isEqualTo(PLAIN);
                }
              }
              return true;
            });
    assertThat(outcomes).containsOnly(true);
    assertThat(keys("data")).hasSizeGreaterThanOrEqualTo(15);
  }

  @Test
  void countsWhatAKeyEncryptsAndRefusesBeyondTheBound() {
    String before = encrypt(api, "c");
    assertThat(keys("data").getFirst().getLong("used")).isBetween(1L, 100_000L);
    sql.execute("UPDATE tenant_key SET used = %d WHERE tenant_id = '%s'".formatted(1L << 32, id));
    Reply refused = elsewhere.post(tenant + "/keys/encrypt", plain("c"));
    assertThat(refused.problem()).isEqualTo("key-exhausted");
    assertThat(decrypt(elsewhere, before, "c")).isEqualTo(PLAIN);
    assertThat(elsewhere.post(tenant + "/keys/rewrap", sealed(before, "c")).status())
        .isEqualTo(409);
    // The schedule finds it, too; whoever is first.
    assertThat(api.post(tenant + "/keys/data/rotate").status()).isEqualTo(200);
    assertThat(keyOf(encrypt(elsewhere, "c"))).isNotEqualTo(keyOf(before));
  }

  @Test
  void refusesATenantThatUsesItsKeysTooOftenAndNoOther() {
    KeysetConfig defaults = KeysetConfig.DEFAULT;
    KeysetConfig few =
        new KeysetConfig(
            defaults.rotateEvery(),
            defaults.rotateAfter(),
            defaults.checkEvery(),
            defaults.tombstones(),
            defaults.askEvery(),
            defaults.holdFor(),
            1,
            100);
    String operator = controlPlane.firstTokens().orElseThrow().operatorToken();
    try (ControlPlane limited = OneControlPlane.start(URL, few)) {
      ApiClient client = OneControlPlane.client(limited, operator);
      JsonArray items = new JsonArray();
      for (int i = 0; i < 99; i++) {
        items.add(plain("a"));
      }
      JsonObject batch = JsonObject.of("items", items);
      assertThat(client.post(tenant + "/keys/encrypt/batch", batch).status()).isEqualTo(200);
      Reply refused = client.post(tenant + "/keys/encrypt/batch", batch);
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.problem()).isEqualTo("rate-limited");
      assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"tenant-keys\";q=100;w=100");
      assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 100);
      String neighbour = "/v1/tenants/" + newTenant();
      assertThat(client.post(neighbour + "/keys/encrypt", plain("a")).status()).isEqualTo(200);
    }
  }

  @Test
  void signsSoThatAnybodyWithThePublicKeyCanVerify() throws Exception {
    JsonObject data = JsonObject.of("data", base64("order 17"));
    String signature = api.post(tenant + "/keys/sign", data).json().getString("signature");
    assertThat(signature).startsWith("gs1.");
    assertThat(verdict(elsewhere, "order 17", signature)).isTrue();
    assertThat(verdict(api, "order 18", signature)).isFalse();
    assertThat(api.post(tenant + "/keys/signatures/rotate").status()).isEqualTo(200);
    assertThat(verdict(api, "order 17", signature)).isTrue();

    JsonObject jwk =
        keys("signatures").stream()
            .filter(key -> key.getString("id").equals(keyOf(signature)))
            .findFirst()
            .orElseThrow()
            .getJsonObject("publicKey");
    Signature verifier = Signature.getInstance("Ed25519");
    verifier.initVerify(publicKey(jwk.getString("x")));
    verifier.update("order 17".getBytes(UTF_8));
    assertThat(verifier.verify(Base64.getUrlDecoder().decode(signature.substring(13)))).isTrue();

    String foreign = "/v1/tenants/" + newTenant();
    JsonObject asked = data.copy().put("signature", signature);
    assertThat(api.post(foreign + "/keys/verify", asked).json().getBoolean("valid")).isFalse();
  }

  @Test
  void asksForAPermissionOfItsOwnForEach() {
    String ciphertext = encrypt(api, "c");
    ApiClient encrypting = withScopes("keys:encrypt");
    assertThat(encrypting.post(tenant + "/keys/encrypt", plain("c")).status()).isEqualTo(200);
    assertThat(encrypting.post(tenant + "/keys/rewrap", sealed(ciphertext, "c")).status())
        .isEqualTo(200);
    assertThat(encrypting.post(tenant + "/keys/decrypt", sealed(ciphertext, "c")).status())
        .isEqualTo(403);
    assertThat(encrypting.post(tenant + "/keys/data/rotate").status()).isEqualTo(403);
    assertThat(encrypting.get(tenant + "/keys").status()).isEqualTo(403);
    ApiClient decrypting = withScopes("keys:decrypt");
    assertThat(decrypting.post(tenant + "/keys/decrypt", sealed(ciphertext, "c")).status())
        .isEqualTo(200);
    assertThat(decrypting.post(tenant + "/keys/encrypt", plain("c")).status()).isEqualTo(403);
  }

  @Test
  void keepsNeitherPlaintextsNorKeysAnywhere() {
    String ciphertext = encrypt(api, "c");
    assertThat(api.post(tenant + "/keys/encrypt", plain("c"), "Idempotency-Key", "k").status())
        .isEqualTo(200);
    assertThat(decrypt(api, ciphertext, "c")).isEqualTo(PLAIN);
    byte[] bytes = PLAIN.getBytes(UTF_8);
    for (String table :
        sql.texts(
            """
            SELECT table_schema || '.' || table_name FROM information_schema.tables
             WHERE table_type = 'BASE TABLE'
               AND table_schema NOT IN ('pg_catalog', 'information_schema')
            """)) {
      assertThat(
              sql.count(
                  "SELECT count(*) FROM "
                      + table
                      + " t WHERE t::text LIKE ? OR t::text LIKE ? OR t::text LIKE ?",
                  "%" + PLAIN + "%",
                  "%" + HexFormat.of().formatHex(bytes) + "%",
                  "%" + base64(PLAIN) + "%"))
          .as(table)
          .isZero();
    }
  }

  @Test
  void destroysTheKeysetsOfADeletedTenantAndKeepsTheTrace() {
    String ciphertext = encrypt(api, "c");
    assertThat(api.post(tenant + "/keys/data/rotate").status()).isEqualTo(200);
    assertThat(api.post(tenant + "/archive").status()).isEqualTo(200);
    assertThat(decrypt(api, ciphertext, "c")).isEqualTo(PLAIN);
    assertThat(api.post(tenant + "/keys/encrypt", plain("c")).problem())
        .isEqualTo("tenant-read-only");
    assertThat(api.delete(tenant).status()).isLessThan(300);
    assertThat(api.post(tenant + "/keys/decrypt", sealed(ciphertext, "c")).status()).isEqualTo(404);
    Sql.await(() ->
        sql.count("SELECT count(*) FROM tenant_keyset WHERE tenant_id = ?::uuid", id) == 0
            && sql.count("SELECT count(*) FROM tenant_key WHERE tenant_id = ?::uuid", id) == 0);
    assertThat(
            sql.count(
                "SELECT count(*) FROM audit.entry WHERE chain = ?::uuid AND action = 'rotateKeyset'",
                id))
        .isEqualTo(1);
  }

  private static ApiClient withScopes(String scope) {
    JsonObject wanted =
        JsonObject.of("kind", "operator", "name", "a", "role", "admin")
            .put("scopes", JsonArray.of(scope));
    Reply made = api.post("/v1/tokens", wanted);
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    String token = made.json().getString("token", made.json().getString("secret"));
    return OneControlPlane.client(controlPlane, token);
  }

  private List<JsonObject> keys(String keyset) {
    return api.get(tenant + "/keys").json().getJsonArray("items").stream()
        .map(JsonObject.class::cast)
        .filter(one -> one.getString("name").equals(keyset))
        .flatMap(one -> one.getJsonArray("versions").stream())
        .map(JsonObject.class::cast)
        .toList();
  }

  private String encrypt(ApiClient client, String context) {
    Reply reply = client.post(tenant + "/keys/encrypt", plain(context));
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json().getString("ciphertext");
  }

  private String decrypt(ApiClient client, String ciphertext, String context) {
    Reply reply = client.post(tenant + "/keys/decrypt", sealed(ciphertext, context));
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return new String(Base64.getDecoder().decode(reply.json().getString("plaintext")), UTF_8);
  }

  private boolean verdict(ApiClient client, String data, String signature) {
    JsonObject asked = JsonObject.of("data", base64(data), "signature", signature);
    return client.post(tenant + "/keys/verify", asked).json().getBoolean("valid");
  }

  private static void assertRefused(String tenant, String ciphertext, String context) {
    Reply refused = api.post(tenant + "/keys/decrypt", sealed(ciphertext, context));
    assertThat(refused.problem()).as(ciphertext).isEqualTo("ciphertext-refused");
    assertThat(refused.status()).isEqualTo(422);
  }

  private static JsonObject plain(String context) {
    return JsonObject.of("plaintext", base64(PLAIN), "context", context);
  }

  private static JsonObject sealed(String ciphertext, String context) {
    return JsonObject.of("ciphertext", ciphertext, "context", context);
  }

  private static String keyOf(String sealed) {
    return sealed.substring(4, 12);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private static PublicKey publicKey(String x) throws Exception {
    byte[] little = Base64.getUrlDecoder().decode(x);
    byte[] big = new byte[little.length];
    for (int i = 0; i < little.length; i++) {
      big[i] = little[little.length - 1 - i];
    }
    boolean odd = (big[0] & 0x80) != 0;
    big[0] &= 0x7f;
    return KeyFactory.getInstance("Ed25519")
        .generatePublic(
            new EdECPublicKeySpec(
                NamedParameterSpec.ED25519, new EdECPoint(odd, new BigInteger(1, big))));
  }
}
