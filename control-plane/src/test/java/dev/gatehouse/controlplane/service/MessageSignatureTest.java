package dev.gatehouse.controlplane.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.MessageSignature;
import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import dev.gatehouse.controlplane.feed.FeedDatabase;
import dev.gatehouse.controlplane.secret.MasterKey;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How requests to a service are signed: what is kept, shown and sent to gateways. */
@Timeout(60)
class MessageSignatureTest {
  private static final String SECRET = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY";
  private static final String OTHER = "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA";

  private final ApiClient api = RunningControlPlane.operator();
  private final String name = "s-" + UUID.randomUUID().toString().substring(0, 18);

  private JsonObject service(JsonObject signature) {
    return new JsonObject()
        .put("name", name)
        .put("endpoints", JsonArray.of(new JsonObject().put("host", "h").put("port", 80)))
        .put("messageSignature", signature);
  }

  private static JsonObject shared(String secret) {
    return new JsonObject().put("algorithm", "hmac-sha256").put("secret", secret);
  }

  @Test
  void neverShowsTheSecretAgain() {
    Reply created = api.post("/v1/services", service(shared(SECRET).put("keyid", "k-1")));
    String path = created.header("Location");

    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    assertThat(created.json().getJsonObject("messageSignature"))
        .isEqualTo(new JsonObject().put("algorithm", "hmac-sha256").put("keyid", "k-1"));
    assertThat(
            List.of(
                api.get(path).text(),
                api.get("/v1/services?limit=200").text(),
                api.patch(path, new JsonObject().put("compression", true)).text(),
                api.get("/v1/audit?limit=200").text()))
        .allMatch(text -> text.contains(name) && !text.contains(SECRET));
  }

  @Test
  void keepsTheSecretThatAPatchDoesNotName() {
    String path = api.post("/v1/services", service(shared(SECRET))).header("Location");
    JsonObject digest =
        new JsonObject().put("messageSignature", new JsonObject().put("contentDigest", 100));

    Reply patched = api.patch(path, digest);
    Reply changed =
        api.patch(
            path, new JsonObject().put("messageSignature", new JsonObject().put("secret", OTHER)));
    Reply switched =
        api.patch(
            path,
            new JsonObject()
                .put(
                    "messageSignature",
                    new JsonObject().put("algorithm", "ed25519").putNull("secret")));

    assertThat(patched.status()).as(patched.toString()).isEqualTo(200);
    assertThat(patched.json().getJsonObject("messageSignature").getInteger("contentDigest"))
        .isEqualTo(100);
    assertThat(changed.status()).isEqualTo(200);
    assertThat(switched.json().getJsonObject("messageSignature"))
        .isEqualTo(new JsonObject().put("algorithm", "ed25519").put("contentDigest", 100));
  }

  @Test
  void refusesWhatCannotBeSigned() {
    for (JsonObject wrong :
        List.of(
            new JsonObject().put("algorithm", "rsa-pss-sha512"),
            new JsonObject().put("algorithm", "hmac-sha256"),
            new JsonObject().put("algorithm", "ed25519").put("secret", SECRET),
            shared("c2hvcnQ"),
            shared(SECRET).put("contentDigest", 1_048_577),
            shared(SECRET).put("keyid", "a b"))) {
      Reply reply = api.post("/v1/services", service(wrong));
      assertThat(reply.status()).as(wrong.encode()).isEqualTo(400);
      assertThat(reply.pointers().getFirst()).startsWith("/messageSignature");
    }
  }

  @Test
  void restsSealedInTheDatabaseAndLeavesItInClearForGateways() throws Exception {
    try (FeedDatabase database = new FeedDatabase()) {
      MasterKey masterKey = MasterKey.parse(Base64.getEncoder().encodeToString(new byte[32]));
      CatalogService catalog =
          new CatalogService(database.publisher(), masterKey, InstantSource.system());
      Service made =
          database.inTransaction(tx -> catalog.createService(tx, service(shared(SECRET))).value());

      StringBuilder dump = new StringBuilder();
      for (String table : List.of("service", "edge_object")) {
        for (Row row :
            database.pool().query("SELECT t::text FROM " + table + " t").execute().await()) {
          dump.append(row.getString(0));
        }
      }

      assertThat(dump).contains(name, "messageSignature").doesNotContain(SECRET);
      assertThat(made.toString()).doesNotContain(SECRET);
      assertThat(signatureOf(made.toEdge()).secret()).contains(SECRET);
      assertThat(
              signatureOf(
                      database
                          .database()
                          .withConnection(connection -> catalog.service(connection, name))
                          .toEdge())
                  .secret())
          .contains(SECRET);
    }
  }

  private static MessageSignature signatureOf(EdgeService service) {
    return service.messageSignature().orElseThrow();
  }
}
