package dev.gatehouse.controlplane;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.backends.EmbeddedPostgres;
import dev.gatehouse.contract.tls.CertificateAndKey;
import dev.gatehouse.controlplane.access.FirstTokens;
import dev.gatehouse.controlplane.certificate.TestCertificates;
import dev.gatehouse.controlplane.customerkey.TransitServer;
import dev.gatehouse.controlplane.keyset.KeysetConfig;
import dev.gatehouse.controlplane.secret.DecapsulationKey;
import dev.gatehouse.controlplane.secret.KeySources;
import dev.gatehouse.controlplane.secret.MasterKey;
import dev.gatehouse.controlplane.secret.PrivateMembers;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * That whoever steals a dump of the database, or the disk it is on, finds nothing: one secret of
 * each kind is planted, and looked for in each row of each table and in each file of the server,
 * its write-ahead log among them, as it is and encoded.
 */
@Timeout(180)
class StolenDatabaseTest {
  private static final String TOKEN = "hvs.t0ken-that-can-be-found";
  private static final String CLIENT = "client-that-can-be-found";

  /** In how many ways a secret may stand somewhere. */
  private final Map<String, List<String>> secrets = new LinkedHashMap<>();

  @TempDir private Path folder;

  @Test
  void showsNothingOfWhatWasPlanted() throws Exception {
    byte[] first = new byte[MasterKey.LENGTH];
    new SecureRandom().nextBytes(first);
    DecapsulationKey.Made second = DecapsulationKey.make();
    String masterKey =
        Base64.getEncoder().encodeToString(first) + " + ml-kem:" + second.encapsulated();
    plant("the first half of the master key", first);
    plant(
        "the second half of the master key",
        tail(Base64.getDecoder().decode(second.decapsulationKey())));
    Path home = folder.resolve("postgres");
    String dump;
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(home, 0);
        TransitServer service = new TransitServer()) {
      ControlPlaneConfig config =
          OneControlPlane.besideServices(postgres.url(), KeysetConfig.DEFAULT)
              .withKeySources(Optional.empty(), Optional.of(second.decapsulationKey()))
              .withMasterKeys(masterKey, List.of());
      KeySources sources =
          new KeySources(
              Optional.empty(), Optional.of(DecapsulationKey.parse(second.decapsulationKey())));
      try (ControlPlane controlPlane = ControlPlane.start(config);
          Sql sql = new Sql(postgres.url())) {
        plantAll(controlPlane, service);
        plantKeys(sql, MasterKey.of(masterKey, List.of(), sources));
        dump = dump(sql);
        sql.execute("CHECKPOINT");
      }
    }
    assertThat(secrets).hasSizeGreaterThanOrEqualTo(15);
    assertThat(dump).contains(CLIENT, "vault:v1:");
    assertThat(foundIn(dump)).as("in a dump").isEmpty();

    boolean looked = false;
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String content = Files.readString(file, ISO_8859_1);
        looked |= content.contains(CLIENT);
        assertThat(foundIn(content)).as(file.toString()).isEmpty();
      }
    }
    assertThat(looked).as("what is no secret is found").isTrue();
  }

  private void plantAll(ControlPlane controlPlane, TransitServer service) throws Exception {
    FirstTokens tokens = controlPlane.firstTokens().orElseThrow();
    plantToken("the operator's token", tokens.operatorToken());
    plantToken("the gateway's token", tokens.gatewayToken());
    ApiClient api = OneControlPlane.operator(controlPlane);
    String tenant = "/v1/tenants/" + done(api.post("/v1/tenants", Fresh.tenant())).getString("id");
    String own = "/v1/tenants/" + done(api.post("/v1/tenants", Fresh.tenant())).getString("id");
    done(api.put(own + "/key-encryption-key", service.document("gatehouse", TOKEN)));
    plant("the token for a customer's key service", TOKEN);
    for (String path : List.of(tenant, own)) {
      String name = path.equals(own) ? "under a customer's key" : "under the master key";
      String login = planted("a login's secret " + name);
      JsonObject client = JsonObject.of("id", CLIENT, "secret", login);
      JsonObject provider = Fresh.identityProvider().put("login", JsonObject.of("client", client));
      done(api.post(path + "/identity-providers", provider, "Idempotency-Key", Fresh.slug()));
      JsonObject asking = JsonObject.of("id", CLIENT, "secret", planted("asking " + name));
      done(api.put(path + "/introspection", Fresh.setting("introspection").put("client", asking)));
      CertificateAndKey certificate = TestCertificates.of(Fresh.host());
      done(api.post(path + "/certificates", TestCertificates.document(certificate)));
      plantPem("a certificate's key " + name, certificate.keyPem());
      String plain = planted("what an application encrypts " + name);
      String base64 = Base64.getEncoder().encodeToString(plain.getBytes(UTF_8));
      done(api.post(path + "/keys/encrypt", JsonObject.of("plaintext", base64)));
      done(api.post(path + "/keys/sign", JsonObject.of("data", base64)));
      done(api.post(path + "/keys/data/rotate"));
      JsonObject key = JsonObject.of("subject", "x");
      plantToken("an API key " + name, done(api.post(path + "/api-keys", key)).getString("secret"));
    }
    byte[] shared = new byte[32];
    new SecureRandom().nextBytes(shared);
    plant("what a service shares with gateways", shared);
    CertificateAndKey edge = TestCertificates.of("edge.internal");
    plantPem("the key that gateways prove themselves to a service with", edge.keyPem());
    done(
        api.post(
            "/v1/services",
            new JsonObject()
                .put("name", "app")
                .put(
                    "endpoints", JsonArray.of(JsonObject.of("host", "h", "port", 443, "tls", true)))
                .put(
                    "messageSignature",
                    JsonObject.of(
                        "algorithm",
                        "hmac-sha256",
                        "secret",
                        Base64.getUrlEncoder().withoutPadding().encodeToString(shared)))
                .put(
                    "tls",
                    JsonObject.of(
                        "clientCertificate",
                        JsonObject.of("chain", edge.chainPem(), "privateKey", edge.keyPem())))));
    JsonObject operator = JsonObject.of("kind", "operator", "name", "a", "role", "admin");
    plantToken("a further token", done(api.post("/v1/tokens", operator)).getString("secret"));
  }

  /** What nobody is ever shown: it is read with the master key, and then looked for. */
  private void plantKeys(Sql sql, MasterKey masterKey) {
    for (String kid : sql.texts("SELECT kid FROM signing_key")) {
      byte[] jwk = opened(sql, masterKey, "sealed_jwk", "signing_key", "kid", kid, "signing_key/");
      JsonObject key = new JsonObject(new String(jwk, UTF_8));
      List<String> members = PrivateMembers.of(key);
      assertThat(members).as(kid).isNotEmpty();
      members.forEach(member -> plant(member + " of " + kid, key.getString(member)));
    }
    int keys = 0;
    for (String context :
        sql.texts(
            "SELECT tenant_id || '/' || kind FROM tenant_keyset WHERE kind <> 'signatures'")) {
      byte[] keyset =
          opened(
              sql,
              masterKey,
              "wrapped",
              "tenant_keyset",
              "tenant_id || '/' || kind",
              context,
              "tenant_keyset/");
      // An AES key of 32 bytes, as it stands in a serialized keyset; none under a customer's key.
      for (int at = 0; at + 34 <= keyset.length; at++) {
        if (keyset[at] == 0x1a && keyset[at + 1] == 0x20) {
          plant("a key of " + context + " at " + at, Arrays.copyOfRange(keyset, at + 2, at + 34));
          keys++;
        }
      }
    }
    assertThat(keys).isGreaterThanOrEqualTo(3);
  }

  private static byte[] opened(
      Sql sql,
      MasterKey masterKey,
      String column,
      String table,
      String key,
      String name,
      String context) {
    String hex =
        sql.texts(
                "SELECT encode(" + column + ", 'hex') FROM " + table + " WHERE " + key + " = ?",
                name)
            .getFirst();
    return masterKey.open(HexFormat.of().parseHex(hex), context + name);
  }

  private static JsonObject done(Reply reply) {
    assertThat(reply.status()).as(reply.text()).isBetween(200, 299);
    return reply.json();
  }

  /** A secret that no other is like. */
  private String planted(String what) {
    byte[] random = new byte[15];
    new SecureRandom().nextBytes(random);
    String secret = "s3cret-" + HexFormat.of().formatHex(random);
    plant(what, secret);
    return secret;
  }

  /** What names a token is no secret: the rest is. */
  private void plantToken(String what, String token) {
    plant(what, token.substring(token.length() - 43));
  }

  private void plantPem(String what, String pem) {
    List<String> lines = pem.lines().filter(line -> !line.startsWith("-----")).toList();
    plant(what, tail(Base64.getDecoder().decode(String.join("", lines))));
    plant(what + ", as it is written", lines.get(1));
  }

  /** The end of a private key is the secret; the rest is what all of its kind begin with. */
  private static byte[] tail(byte[] encoded) {
    return Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
  }

  private void plant(String what, String secret) {
    plant(what, secret.getBytes(UTF_8));
  }

  private void plant(String what, byte[] secret) {
    List<String> ways = new ArrayList<>();
    ways.add(new String(secret, ISO_8859_1));
    ways.add(HexFormat.of().formatHex(secret));
    ways.add(HexFormat.of().withUpperCase().formatHex(secret));
    for (int shift = 0; shift < 3; shift++) {
      byte[] shifted = new byte[shift + secret.length];
      System.arraycopy(secret, 0, shifted, shift, secret.length);
      String base64 = Base64.getEncoder().withoutPadding().encodeToString(shifted);
      int from = shift == 0 ? 0 : shift + 1;
      int to = base64.length() - (shifted.length % 3 == 0 ? 0 : 1);
      String inner = base64.substring(from, to);
      ways.add(inner);
      ways.add(inner.replace('+', '-').replace('/', '_'));
    }
    secrets.put(what, List.copyOf(ways));
  }

  /** In one pass over a text of a hundred megabytes, whatever the number of secrets. */
  private List<String> foundIn(String text) {
    Map<Integer, List<Map.Entry<String, String>>> byHead = new HashMap<>();
    BitSet heads = new BitSet();
    secrets.forEach((name, spellings) ->
        spellings.forEach(spelling -> {
          int head = head(spelling, 0);
          heads.set(head);
          byHead.computeIfAbsent(head, _ -> new ArrayList<>()).add(Map.entry(name, spelling));
        }));
    Set<String> found = new LinkedHashSet<>();
    for (int at = 0; at < text.length() - 1; at++) {
      int head = head(text, at);
      if (heads.get(head)) {
        for (Map.Entry<String, String> secret : byHead.getOrDefault(head, List.of())) {
          if (text.startsWith(secret.getValue(), at)) {
            found.add(secret.getKey());
          }
        }
      }
    }
    return List.copyOf(found);
  }

  /**
   * What is not Latin-1, and is in dumps alone, meets needles that are not its own, and differs.
   */
  private static int head(String text, int at) {
    return text.charAt(at) << 8 | text.charAt(at + 1);
  }

  private static String dump(Sql sql) {
    List<String> tables =
        sql.texts(
            """
            SELECT quote_ident(table_schema) || '.' || quote_ident(table_name)
              FROM information_schema.tables
             WHERE table_type = 'BASE TABLE'
               AND table_schema NOT IN ('pg_catalog', 'information_schema')
            """);
    assertThat(tables).hasSizeGreaterThan(20);
    StringBuilder dump = new StringBuilder();
    for (String table : tables) {
      for (String row : sql.texts("SELECT t::text FROM " + table + " t")) {
        dump.append(table).append(' ').append(row).append('\n');
      }
    }
    return dump.toString();
  }
}
