package dev.gatehouse.controlplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EdgeCertificate;
import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import dev.gatehouse.contract.edge.EdgeIntrospection;
import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.contract.tls.CertificateAndKey;
import dev.gatehouse.controlplane.certificate.TestCertificates;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** That the secrets of clients are nowhere to be found but in the feed. */
@Timeout(120)
class SecretsAtRestTest {
  private static final String FIRST = "first-w4ter-under-the-bridge";
  private static final String SECOND = "second-w4ter-under-the-bridge";
  private static final String CLIENT = "client-that-can-be-found";

  private final String url = MigratedDatabase.freshUrl();
  private final ControlPlane controlPlane = ControlPlane.start(RunningControlPlane.config(url));
  private final ApiClient api = OneControlPlane.operator(controlPlane);
  private final Sql sql = new Sql(url);
  private String tenant = "";
  private TestGateway gateway;

  @BeforeEach
  void connect() throws Exception {
    String token = controlPlane.firstTokens().orElseThrow().gatewayToken();
    gateway = TestGateway.connect("gw", controlPlane.port(), token);
    tenant = api.post("/v1/tenants", Fresh.tenant()).header("Location");
    gateway.next(EdgeTenant.class);
  }

  @AfterEach
  void stop() {
    gateway.close();
    sql.close();
    controlPlane.close();
  }

  @Test
  void keepsTheSecretOfALoginSealedWhateverBecomesOfIt() throws Exception {
    List<Reply> replies = new ArrayList<>();
    JsonObject provider =
        Fresh.identityProvider().put("login", JsonObject.of("client", client(FIRST)));

    Reply created = api.post(tenant + "/identity-providers", provider, "Idempotency-Key", "a-key");
    replies.add(created);
    replies.add(api.post(tenant + "/identity-providers", provider, "Idempotency-Key", "a-key"));
    assertThat(secretOf(gateway.next(EdgeIdentityProvider.class))).isEqualTo(FIRST);
    assertThat(tablesWith(CLIENT)).contains("public.identity_provider", "public.edge_object");
    assertThat(tablesWith(CLIENT)).anyMatch(table -> table.startsWith("audit."));

    String path = created.header("Location");
    replies.add(api.patch(path, JsonObject.of("name", "Renamed")));
    assertThat(secretOf(gateway.next(EdgeIdentityProvider.class))).isEqualTo(FIRST);
    replies.add(api.patch(path, patch(JsonObject.of("secret", SECOND))));
    assertThat(secretOf(gateway.next(EdgeIdentityProvider.class))).isEqualTo(SECOND);
    replies.add(api.post(path + "/revocations", new JsonObject()));
    assertThat(secretOf(gateway.next(EdgeIdentityProvider.class))).isEqualTo(SECOND);
    replies.add(api.patch(path, JsonObject.of("issuer", "https://elsewhere.example.com")));
    assertThat(replies.getLast().status()).isEqualTo(400);
    assertSecretsAreNowhere(replies);

    replies.add(api.patch(path, patch(new JsonObject().putNull("secret"))));
    assertThat(gateway.next(EdgeIdentityProvider.class).login().orElseThrow().client().secret())
        .isEmpty();
    replies.add(api.patch(path, patch(JsonObject.of("secret", FIRST))));
    replies.add(api.delete(path));
    assertSecretsAreNowhere(replies);
  }

  @Test
  void keepsTheSecretOfIntrospectionSealedWhateverBecomesOfIt() throws Exception {
    String path = tenant + "/introspection";
    JsonObject wanted = Fresh.setting("introspection").put("client", client(FIRST));
    List<Reply> replies = new ArrayList<>();

    replies.add(api.put(path, wanted));
    assertThat(secretOf(gateway.next(EdgeIntrospection.class))).isEqualTo(FIRST);
    assertThat(tablesWith(CLIENT)).contains("public.identity_setting", "public.edge_object");
    replies.add(api.patch(path, JsonObject.of("cacheFor", "PT1M")));
    assertThat(secretOf(gateway.next(EdgeIntrospection.class))).isEqualTo(FIRST);
    replies.add(api.patch(path, JsonObject.of("client", JsonObject.of("secret", SECOND))));
    assertThat(secretOf(gateway.next(EdgeIntrospection.class))).isEqualTo(SECOND);
    replies.add(api.get(path));
    replies.add(api.patch(path, JsonObject.of("url", "https://elsewhere.example.com")));
    assertThat(replies.getLast().status()).isEqualTo(400);
    assertSecretsAreNowhere(replies);

    replies.add(api.put(path, wanted));
    replies.add(api.delete(path));
    assertSecretsAreNowhere(replies);
  }

  @Test
  void keepsTheKeyOfACertificateSealedWhateverBecomesOfIt() throws Exception {
    CertificateAndKey certificate = TestCertificates.of("shop.example.com");
    JsonObject wanted = TestCertificates.document(certificate);
    String path = tenant + "/certificates";
    List<Reply> replies = new ArrayList<>();

    replies.add(api.post(path, wanted, "Idempotency-Key", "a-key"));
    replies.add(api.post(path, wanted, "Idempotency-Key", "a-key"));
    EdgeCertificate told = gateway.next(EdgeCertificate.class);
    assertThat(told.privateKey()).isEqualTo(certificate.keyPem());
    assertThat(told.tenantId())
        .hasValueSatisfying(id -> assertThat(tenant).endsWith(id.toString()));
    String one = replies.getFirst().header("Location");
    replies.add(api.put(one, wanted));
    replies.add(api.get(one));
    replies.add(api.get(tenant + "/audit"));
    List<String> lines = certificate.keyPem().lines().toList();
    String secret = lines.get(1).substring(40);
    assertThat(tablesWith(certificate.chainPem().lines().toList().get(1).substring(40)))
        .contains("public.certificate", "public.edge_object");
    assertThat(tablesWith(secret)).isEmpty();
    assertThat(replies).noneMatch(reply -> reply.text().contains(secret));
    replies.add(api.delete(one));
    assertThat(tablesWith(secret)).isEmpty();
  }

  private void assertSecretsAreNowhere(List<Reply> replies) {
    replies.addAll(
        List.of(
            api.get(tenant),
            api.get(tenant + "/identity-providers"),
            api.get(tenant + "/audit"),
            api.get(tenant + "/audit/export"),
            api.get("/v1/audit/export")));
    for (String secret : List.of(FIRST, SECOND)) {
      assertThat(tablesWith(secret)).isEmpty();
      assertThat(replies).noneMatch(reply -> reply.text().contains(secret));
    }
  }

  /** All tables with a row in which the text stands, in any column, as it is or encoded. */
  private List<String> tablesWith(String text) {
    List<String> tables =
        sql.texts(
            """
            SELECT table_schema || '.' || table_name FROM information_schema.tables
             WHERE table_type = 'BASE TABLE'
               AND table_schema NOT IN ('pg_catalog', 'information_schema')
            """);
    assertThat(tables).hasSizeGreaterThan(20);
    byte[] bytes = text.getBytes(UTF_8);
    return tables.stream()
        .filter(table ->
            sql.count(
                    """
                    SELECT count(*) FROM %s t
                     WHERE t::text LIKE ? OR t::text LIKE ? OR t::text LIKE ?
                    """
                        .formatted(table),
                    like(text),
                    like(HexFormat.of().formatHex(bytes)),
                    like(Base64.getEncoder().withoutPadding().encodeToString(bytes)))
                > 0)
        .toList();
  }

  private static String like(String text) {
    return "%" + text.replace("_", "\\_") + "%";
  }

  private static String secretOf(EdgeIntrospection introspection) {
    return introspection.client().secret().orElseThrow();
  }

  private static String secretOf(EdgeIdentityProvider provider) {
    return provider.login().orElseThrow().client().secret().orElseThrow();
  }

  private static JsonObject client(String secret) {
    return JsonObject.of("id", CLIENT, "secret", secret);
  }

  private static JsonObject patch(JsonObject client) {
    return JsonObject.of("login", JsonObject.of("client", client));
  }
}
