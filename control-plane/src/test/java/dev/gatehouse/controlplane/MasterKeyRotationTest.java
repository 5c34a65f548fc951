package dev.gatehouse.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.contract.edge.EdgeCertificate;
import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.FeedMessage;
import dev.gatehouse.controlplane.access.FirstTokens;
import dev.gatehouse.controlplane.certificate.TestCertificates;
import dev.gatehouse.controlplane.feed.FeedReader;
import dev.gatehouse.controlplane.secret.MasterKey;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** That a master key is replaced while everything is served, and needed until it is. */
@Timeout(120)
class MasterKeyRotationTest {
  private static final String OLD = OneControlPlane.MASTER_KEY;
  private static final String NEW = Base64.getEncoder().encodeToString(newKey());
  private static final String SECRET = "w4ter-under-the-bridge";

  private final String url = MigratedDatabase.freshUrl();
  private final ControlPlaneConfig config = RunningControlPlane.config(url);
  private final Sql sql = new Sql(url);
  private String operatorToken = "";
  private String gatewayToken = "";

  private static byte[] newKey() {
    byte[] key = new byte[MasterKey.LENGTH];
    key[31] = 7;
    return key;
  }

  @AfterEach
  void stop() {
    sql.close();
  }

  @Test
  void sealsEverythingAnewAndThenStartsWithoutTheFormerKey() throws Exception {
    plant();
    assertThat(tablesSealedWith(OLD))
        .contains(
            "public.signing_key",
            "public.audit_private_key",
            "public.tenant_keyset",
            "public.application_role",
            "public.service",
            "public.edge_object",
            "public.idempotency_key");
    try (ControlPlane _ = start(NEW, List.of(OLD))) {
      Sql.await(() -> inUse() == 1);
      assertThat(tablesSealedWith(OLD)).isEmpty();
      assertThat(tablesSealedWith(NEW)).contains("public.tenant_keyset", "public.edge_object");
    }
    try (ControlPlane alone = start(NEW, List.of());
        FeedReader feed = new FeedReader(alone.port(), "?gateway=gw", "Bearer " + gatewayToken)) {
      assertThat(next(feed, EdgeIdentityProvider.class).login().orElseThrow().client().secret())
          .hasValue(SECRET);
      assertThat(next(feed, EdgeCertificate.class).privateKey()).contains("PRIVATE KEY");
      ApiClient api = OneControlPlane.client(alone, operatorToken);
      assertThat(api.post("/v1/signing-keys/rotate").status()).isEqualTo(200);
      assertThat(create(api).status()).as("the same answer under its key").isEqualTo(201);
    }
    assertThatThrownBy(() -> start(OLD, List.of())).hasMessageContaining("another masterKey");
  }

  @Test
  void opensWhatEitherKeySealedWhereTheNextIsKnownBefore() {
    plant();
    try (ControlPlane before = start(OLD, List.of(NEW));
        ControlPlane after = start(NEW, List.of(OLD))) {
      ApiClient old = OneControlPlane.client(before, operatorToken);
      ApiClient latest = OneControlPlane.client(after, operatorToken);
      assertThat(latest.post("/v1/services", service("late")).status()).isEqualTo(201);
      assertThat(old.get("/v1/services/late").status()).isEqualTo(200);
      assertThat(old.post("/v1/signing-keys/rotate").status()).isEqualTo(200);
    }
  }

  @Test
  void refusesToStartWithoutAFormerKeyThatIsStillNeeded() {
    plant();
    start(NEW, List.of(OLD)).close();
    sql.execute("UPDATE master_key SET retired_at = NULL");
    String fingerprint = MasterKey.parse(OLD).fingerprint();
    assertThatThrownBy(() -> start(NEW, List.of()))
        .hasMessageContaining(fingerprint)
        .hasMessageContaining("formerMasterKeys")
        .hasMessageNotContaining(OLD);
  }

  @Test
  void readsTheKeyFromAFile(@TempDir Path folder) throws Exception {
    plant();
    Path file = folder.resolve("master-key");
    Files.writeString(file, OLD + "\n");
    start("file:" + file, List.of()).close();
    assertThatThrownBy(() -> config.withMasterKeys("file:" + folder.resolve("none"), List.of()))
        .hasMessageContaining("cannot be read");
  }

  @Test
  void refusesAFormerKeyThatIsTheCurrentOne() {
    assertThatThrownBy(() -> config.withMasterKeys(OLD, List.of(OLD)))
        .hasMessageContaining("formerMasterKeys")
        .hasMessageNotContaining(OLD);
  }

  private static <T extends EdgeObject> T next(FeedReader feed, Class<T> kind)
      throws InterruptedException {
    FeedMessage message =
        feed.next(
            one -> one instanceof FeedMessage.Upsert upsert && kind.isInstance(upsert.object()));
    return kind.cast(((FeedMessage.Upsert) message).object());
  }

  private ControlPlane start(String current, List<String> former) {
    return ControlPlane.start(config.withMasterKeys(current, former));
  }

  /** One of each that is sealed. */
  private void plant() {
    try (ControlPlane controlPlane = start(OLD, List.of())) {
      FirstTokens tokens = controlPlane.firstTokens().orElseThrow();
      operatorToken = tokens.operatorToken();
      gatewayToken = tokens.gatewayToken();
      ApiClient api = OneControlPlane.operator(controlPlane);
      assertThat(create(api).status()).isEqualTo(201);
      assertThat(api.post("/v1/services", service("signed")).status()).isEqualTo(201);
      JsonObject login =
          JsonObject.of("client", JsonObject.of("id", "gatehouse", "secret", SECRET));
      JsonObject provider = Fresh.identityProvider().put("login", login);
      String tenant = "/v1/tenants/planted-tenant";
      assertThat(api.post(tenant + "/identity-providers", provider).status()).isEqualTo(201);
      assertThat(api.put(tenant + "/introspection", Fresh.setting("introspection")).status())
          .isLessThan(300);
      JsonObject certificate = TestCertificates.document(TestCertificates.of("a.example.com"));
      assertThat(api.post(tenant + "/certificates", certificate).status()).isEqualTo(201);
    }
  }

  private static Reply create(ApiClient api) {
    JsonObject tenant = JsonObject.of("slug", "planted-tenant", "name", "Planted");
    return api.post("/v1/tenants", tenant, "Idempotency-Key", "planted");
  }

  private static JsonObject service(String name) {
    return new JsonObject(
            """
            {"endpoints": [{"host": "127.0.0.1", "port": 9}],
             "messageSignature": {"algorithm": "hmac-sha256",
               "secret": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}}
            """)
        .put("name", name);
  }

  private long inUse() {
    return sql.count("SELECT count(*) FROM master_key WHERE retired_at IS NULL");
  }

  /** All tables in which something begins with what the key's seals begin with. */
  private List<String> tablesSealedWith(String masterKey) {
    byte[] prefix = MasterKey.parse(masterKey).prefix();
    String hex = "%\\\\x" + HexFormat.of().formatHex(prefix) + "%";
    String text = "%\"" + Base64.getEncoder().encodeToString(prefix).substring(0, 6) + "%";
    return sql
        .texts(
            """
            SELECT table_schema || '.' || table_name FROM information_schema.tables
             WHERE table_type = 'BASE TABLE'
               AND table_schema NOT IN ('pg_catalog', 'information_schema')
            """)
        .stream()
        .filter(table ->
            sql.count(
                    "SELECT count(*) FROM "
                        + table
                        + " t WHERE t::text LIKE ? OR to_json(t)::text LIKE ?",
                    hex,
                    text)
                > 0)
        .toList();
  }
}
