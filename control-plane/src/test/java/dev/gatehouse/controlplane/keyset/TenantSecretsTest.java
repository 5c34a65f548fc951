package dev.gatehouse.controlplane.keyset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EdgeCertificate;
import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import dev.gatehouse.contract.edge.EdgeIntrospection;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.FeedMessage;
import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Concurrently;
import dev.gatehouse.controlplane.ControlPlane;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.MigratedDatabase;
import dev.gatehouse.controlplane.OneControlPlane;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.Sql;
import dev.gatehouse.controlplane.certificate.TestCertificates;
import dev.gatehouse.controlplane.feed.FeedReader;
import dev.gatehouse.controlplane.secret.MasterKey;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** That what is kept secret for a tenant is sealed with the tenant's own keys. */
@Timeout(120)
class TenantSecretsTest {
  private static final String SECRET = "w4ter-under-the-bridge";
  private static final String MARKED =
      "\\x" + HexFormat.of().formatHex("gkt1".getBytes(StandardCharsets.US_ASCII));

  private static final KeysetConfig OFTEN =
      new KeysetConfig(Duration.ofDays(90), 1L << 30, Duration.ofMillis(50), Optional.empty());

  private final String url = MigratedDatabase.freshUrl();
  private final Sql sql = new Sql(url);
  private String gatewayToken = "";
  private String operatorToken = "";
  private String id = "";

  @BeforeEach
  void plant() {
    try (ControlPlane controlPlane = OneControlPlane.start(url, OFTEN)) {
      gatewayToken = controlPlane.firstTokens().orElseThrow().gatewayToken();
      operatorToken = controlPlane.firstTokens().orElseThrow().operatorToken();
      id = plantOne(OneControlPlane.operator(controlPlane));
    }
  }

  @AfterEach
  void stop() {
    sql.close();
  }

  @Test
  void sealsWithTheKeysOfTheTenantInAllTables() {
    assertThat(markedRows()).isEqualTo(3);
    assertThat(markedObjects()).isEqualTo(3);
    assertThat(sql.texts("SELECT kind FROM tenant_keyset")).containsExactly("secrets");
  }

  @Test
  void doesNotOpenInTheRowOfAnotherTenant() throws Exception {
    try (ControlPlane controlPlane = OneControlPlane.start(url, OFTEN)) {
      ApiClient api = OneControlPlane.client(controlPlane, operatorToken);
      String other = plantOne(api);
      sql.execute(
          """
          UPDATE identity_setting a SET client_secret = b.client_secret FROM identity_setting b
           WHERE a.tenant_id = '%s' AND b.tenant_id = '%s'
          """
              .formatted(other, id));
      JsonObject patch = JsonObject.of("cacheFor", "PT1M");
      assertThat(api.patch("/v1/tenants/" + other + "/introspection", patch).status())
          .isEqualTo(500);
      assertThat(api.patch("/v1/tenants/" + id + "/introspection", patch).status()).isEqualTo(200);
    }
  }

  @Test
  void movesWhatTheMasterKeySealedBefore() throws Exception {
    sealWithTheMasterKey();
    assertThat(markedRows() + markedObjects()).isEqualTo(4);
    try (ControlPlane controlPlane = OneControlPlane.start(url, OFTEN)) {
      assertSecretsAreTold(controlPlane);
      Sql.await(() -> markedRows() + markedObjects() == 6);
      assertSecretsAreTold(controlPlane);
    }
  }

  @Test
  void sealsAnewWithTheNextKeyAndDestroysTheOlder() throws Exception {
    String before = sql.texts("SELECT id FROM tenant_key").getFirst();
    sql.execute("UPDATE tenant_keyset SET rotated_at = now() - interval '91 days'");
    try (ControlPlane controlPlane = OneControlPlane.start(url, OFTEN)) {
      Sql.await(() ->
          sql.count("SELECT count(*) FROM audit.entry WHERE action = 'keyset.destroy-older'") == 1);
      assertThat(sql.texts("SELECT id FROM tenant_key")).hasSize(1).doesNotContain(before);
      assertThat(markedRows() + markedObjects()).isEqualTo(6);
      assertSecretsAreTold(controlPlane);
      ApiClient api = OneControlPlane.client(controlPlane, operatorToken);
      JsonObject patch = JsonObject.of("cacheFor", "PT1M");
      assertThat(api.patch("/v1/tenants/" + id + "/introspection", patch).status()).isEqualTo(200);
    }
  }

  @Test
  void losesNothingWhereSecretsAreGivenWhileKeysChange() throws Exception {
    try (ControlPlane controlPlane = OneControlPlane.start(url, OFTEN)) {
      ApiClient api = OneControlPlane.client(controlPlane, operatorToken);
      JsonObject patch = JsonObject.of("client", JsonObject.of("secret", SECRET));
      for (int round = 0; round < 5; round++) {
        sql.execute("UPDATE tenant_keyset SET rotated_at = now() - interval '91 days'");
        Concurrently.call(
            4,
            _ -> {
              Reply reply = api.patch("/v1/tenants/" + id + "/introspection", patch);
              assertThat(reply.status()).as(reply.text()).isEqualTo(200);
              return reply;
            });
      }
      Sql.await(() ->
          sql.count("SELECT count(*) FROM audit.entry WHERE action = 'keyset.destroy-older'") > 0
              && sql.count("SELECT count(*) FROM tenant_key") == 1);
      assertSecretsAreTold(controlPlane);
    }
  }

  /** A request may be refused after it has made the keys. */
  @Test
  void sealsWithNoKeysThatWereUndone() throws Exception {
    try (ControlPlane controlPlane = OneControlPlane.start(url, OFTEN)) {
      ApiClient api = OneControlPlane.client(controlPlane, operatorToken);
      String tenant =
          "/v1/tenants/" + api.post("/v1/tenants", Fresh.tenant()).json().getString("id");
      JsonObject client = JsonObject.of("id", "gatehouse", "secret", SECRET);
      JsonObject wanted = Fresh.setting("introspection").put("client", client);
      JsonObject refused = wanted.copy().put("url", "https://127.0.0.1/introspection");
      assertThat(api.put(tenant + "/introspection", refused).status()).isEqualTo(422);
      assertThat(api.put(tenant + "/introspection", wanted).status()).isLessThan(300);
      assertThat(api.patch(tenant + "/introspection", JsonObject.of("cacheFor", "PT1M")).status())
          .isEqualTo(200);
    }
    try (ControlPlane later = OneControlPlane.start(url, OFTEN)) {
      ApiClient api = OneControlPlane.client(later, operatorToken);
      String other =
          sql.texts("SELECT tenant_id FROM identity_setting WHERE tenant_id <> ?::uuid", id)
              .getFirst();
      assertThat(
              api.patch(
                      "/v1/tenants/" + other + "/introspection", JsonObject.of("cacheFor", "PT2M"))
                  .status())
          .isEqualTo(200);
    }
  }

  @Test
  void isLostWithTheKeysOfTheTenant() throws Exception {
    sql.execute("DELETE FROM tenant_keyset");
    try (ControlPlane controlPlane = OneControlPlane.start(url, OFTEN)) {
      ApiClient api = OneControlPlane.client(controlPlane, operatorToken);
      JsonObject patch = JsonObject.of("cacheFor", "PT1M");
      assertThat(api.patch("/v1/tenants/" + id + "/introspection", patch).status()).isEqualTo(500);
    }
  }

  private static String plantOne(ApiClient api) {
    String id = api.post("/v1/tenants", Fresh.tenant()).json().getString("id");
    String tenant = "/v1/tenants/" + id;
    JsonObject client = JsonObject.of("id", "gatehouse", "secret", SECRET);
    JsonObject provider = Fresh.identityProvider().put("login", JsonObject.of("client", client));
    assertThat(api.post(tenant + "/identity-providers", provider).status()).isEqualTo(201);
    JsonObject introspection = Fresh.setting("introspection").put("client", client);
    assertThat(api.put(tenant + "/introspection", introspection).status()).isLessThan(300);
    JsonObject certificate = TestCertificates.document(TestCertificates.of(Fresh.host()));
    assertThat(api.post(tenant + "/certificates", certificate).status()).isEqualTo(201);
    return id;
  }

  /** As it was before tenants had keys: a column, and what the edge is told of it. */
  private void sealWithTheMasterKey() {
    MasterKey masterKey = MasterKey.parse(OneControlPlane.MASTER_KEY);
    byte[] secret = SECRET.getBytes(StandardCharsets.UTF_8);
    byte[] column = masterKey.seal(secret, "identity_setting.client_secret/introspection/" + id);
    byte[] object = masterKey.seal(secret, "edge_object/introspection/" + id);
    sql.execute(
        "UPDATE identity_setting SET client_secret = '\\x%s'"
            .formatted(HexFormat.of().formatHex(column)));
    sql.execute(
        """
        UPDATE edge_object SET payload = jsonb_set(payload, '{client,secret}', '"%s"')
         WHERE kind = 'introspection'
        """
            .formatted(Base64.getEncoder().encodeToString(object)));
  }

  private void assertSecretsAreTold(ControlPlane controlPlane) throws InterruptedException {
    try (FeedReader feed =
        new FeedReader(controlPlane.port(), "?gateway=gw", "Bearer " + gatewayToken)) {
      int found = 0;
      while (found < 3) {
        FeedMessage message =
            feed.next(one ->
                one instanceof FeedMessage.Upsert upsert && secretOf(upsert.object()).isPresent());
        String secret = secretOf(((FeedMessage.Upsert) message).object()).orElseThrow();
        assertThat(secret)
            .satisfiesAnyOf(
                one -> assertThat(one).isEqualTo(SECRET),
                one -> assertThat(one).contains("PRIVATE KEY"));
        found++;
      }
    }
  }

  private static Optional<String> secretOf(EdgeObject object) {
    return switch (object) {
      case EdgeIdentityProvider provider -> provider.login().orElseThrow().client().secret();
      case EdgeIntrospection introspection -> introspection.client().secret();
      case EdgeCertificate certificate -> Optional.of(certificate.privateKey());
      default -> Optional.empty();
    };
  }

  private long markedRows() {
    return sql.count(
        """
        SELECT (SELECT count(*) FROM identity_provider WHERE client_secret::text LIKE ?)
             + (SELECT count(*) FROM identity_setting WHERE client_secret::text LIKE ?)
             + (SELECT count(*) FROM certificate WHERE private_key::text LIKE ?)
        """,
        "\\" + MARKED + "%",
        "\\" + MARKED + "%",
        "\\" + MARKED + "%");
  }

  private long markedObjects() {
    return sql.count(
        """
        SELECT count(*) FROM edge_object
         WHERE payload #>> '{login,client,secret}' LIKE 'Z2t0M%'
            OR payload #>> '{client,secret}' LIKE 'Z2t0M%'
            OR payload #>> '{privateKey}' LIKE 'Z2t0M%'
        """);
  }
}
