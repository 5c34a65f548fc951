package dev.gatehouse.controlplane.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.UpstreamTls;
import dev.gatehouse.contract.tls.CertificateAndKey;
import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import dev.gatehouse.controlplane.certificate.TestCertificates;
import dev.gatehouse.controlplane.feed.FeedDatabase;
import dev.gatehouse.controlplane.secret.MasterKey;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a service and the gateways prove who they are: what is kept, shown and sent to gateways. */
@Timeout(60)
class UpstreamTlsTest {
  private final ApiClient api = RunningControlPlane.operator();
  private final CertificateAndKey gateway = TestCertificates.of("edge.internal");
  private final String name = "s-" + UUID.randomUUID().toString().substring(0, 18);

  private JsonObject service(JsonObject tls) {
    return new JsonObject()
        .put("name", name)
        .put(
            "endpoints",
            JsonArray.of(new JsonObject().put("host", "h").put("port", 443).put("tls", true)))
        .put("tls", tls);
  }

  private static JsonObject shown(String chain, String key) {
    return new JsonObject()
        .put("clientCertificate", new JsonObject().put("chain", chain).put("privateKey", key));
  }

  @Test
  void neverShowsTheKeyAgainAndKeepsItWhereAPatchDoesNotNameIt() {
    Reply created =
        api.post(
            "/v1/services",
            service(shown(gateway.chainPem(), gateway.keyPem()).put("serverName", "h.internal")));
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    String path = created.header("Location");

    Reply patched =
        api.patch(
            path,
            new JsonObject().put("tls", new JsonObject().put("serverName", "other.internal")));

    assertThat(patched.json().getJsonObject("tls"))
        .isEqualTo(
            new JsonObject()
                .put("serverName", "other.internal")
                .put("clientCertificate", new JsonObject().put("chain", gateway.chainPem())));
    assertThat(List.of(created.text(), api.get(path).text(), api.get("/v1/audit?limit=200").text()))
        .allMatch(text -> text.contains(name) && !text.contains("PRIVATE KEY"));
  }

  @Test
  void refusesWhatCannotBeShownOrTrusted() {
    CertificateAndKey other = TestCertificates.of("edge.internal");
    CertificateAndKey over = TestCertificates.lasting(Duration.ofDays(-1), "edge.internal");
    String half = "-----BEGIN PRIVATE KEY-----\nMIGH\n-----END PRIVATE KEY-----\n";

    assertRefused(shown(gateway.chainPem(), other.keyPem()), "is not the key");
    assertRefused(shown(gateway.chainPem(), half), "must be a private key");
    assertRefused(shown("hello", gateway.keyPem()), "must be PEM");
    assertRefused(shown(over.chainPem(), over.keyPem()), "it has expired");
    assertRefused(new JsonObject().put("trust", "hello"), "must be PEM");
    assertRefused(
        new JsonObject().put("trust", gateway.chainPem()), "must hold certificates of authorities");
    assertRefused(new JsonObject().put("serverName", "10.0.0.7"), "host name");
    assertRefused(new JsonObject().put("insecure", true), "");
    assertRefused(
        new JsonObject()
            .put("clientCertificate", new JsonObject().put("chain", gateway.chainPem())),
        "privateKey");
  }

  private void assertRefused(JsonObject tls, String why) {
    Reply reply = api.post("/v1/services", service(tls));
    assertThat(reply.status()).as(reply.toString()).isEqualTo(400);
    assertThat(reply.pointers().getFirst()).startsWith("/tls");
    assertThat(reply.text()).contains(why).doesNotContain("MIGH");
  }

  /** What has run out since is no reason to refuse what has nothing to do with it. */
  @Test
  void leavesWhatIsNotChangedAsItIs() throws Exception {
    try (FeedDatabase database = new FeedDatabase()) {
      MasterKey masterKey = MasterKey.parse(Base64.getEncoder().encodeToString(new byte[32]));
      CatalogService now =
          new CatalogService(database.publisher(), masterKey, InstantSource.system());
      InstantSource nextYear = () -> InstantSource.system().instant().plus(Duration.ofDays(365));
      CatalogService later = new CatalogService(database.publisher(), masterKey, nextYear);
      JsonObject body = service(shown(gateway.chainPem(), gateway.keyPem()));

      Service changed =
          database.inTransaction(tx -> {
            Service made = now.createService(tx, body).value();
            JsonObject wanted = made.changeable().put("compression", true);
            return later.changeService(tx, made, wanted).value();
          });

      assertThat(changed.toJson().getBoolean("compression")).isTrue();
    }
  }

  @Test
  void restsSealedInTheDatabaseAndLeavesItInClearForGateways() throws Exception {
    try (FeedDatabase database = new FeedDatabase()) {
      MasterKey masterKey = MasterKey.parse(Base64.getEncoder().encodeToString(new byte[32]));
      CatalogService catalog =
          new CatalogService(database.publisher(), masterKey, InstantSource.system());
      JsonObject body = service(shown(gateway.chainPem(), gateway.keyPem()));
      Service made = database.inTransaction(tx -> catalog.createService(tx, body).value());

      StringBuilder dump = new StringBuilder();
      for (String table : List.of("service", "edge_object")) {
        for (Row row :
            database.pool().query("SELECT t::text FROM " + table + " t").execute().await()) {
          dump.append(row.getString(0));
        }
      }

      assertThat(dump).contains(name, "clientCertificate").doesNotContain("PRIVATE KEY");
      assertThat(made.toString()).doesNotContain("PRIVATE KEY");
      Service read =
          database.database().withConnection(connection -> catalog.service(connection, name));
      assertThat(keyOf(made)).isEqualTo(gateway.keyPem());
      assertThat(keyOf(read)).isEqualTo(gateway.keyPem());
    }
  }

  private static String keyOf(Service service) {
    return service
        .toEdge()
        .tls()
        .flatMap(UpstreamTls::clientCertificate)
        .orElseThrow()
        .privateKey();
  }
}
