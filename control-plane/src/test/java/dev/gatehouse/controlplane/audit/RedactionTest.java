package dev.gatehouse.controlplane.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.audit.CanonicalJson;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
  private static final String VALUE = "s3cr3t-value";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "secret",
        "clientSecret",
        "client_secret",
        "shared-secret-base64",
        "password",
        "dbPassword",
        "passphrase",
        "token",
        "refreshToken",
        "key",
        "apiKey",
        "api_key",
        "X-Api-Key",
        "apikey",
        "privateKey",
        "privateKeyPem",
        "connectionString",
        "databaseConnectionString",
        "dsn",
        "credentials",
        "Authorization",
        "Proxy-Authorization",
        "Set-Cookie",
        "jwk",
      })
  void takesOutWhatIsNamedLikeASecret(String name) {
    assertThat(redacted(JsonObject.of(name, VALUE))).doesNotContain(VALUE).contains("[redacted]");
    assertThat(redacted(JsonObject.of("a", JsonArray.of(JsonObject.of(name, VALUE)))))
        .doesNotContain(VALUE);
    assertThat(redacted(JsonObject.of("name", name, "value", VALUE))).doesNotContain(VALUE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tokenId",
        "publicKey",
        "keyboard",
        "monkey",
        "secretary",
        "name",
        "pathPrefix",
        "requestsPerSecond",
        "idempotencyKeyLifetime",
      })
  void leavesWhatIsNone(String name) {
    assertThat(redacted(JsonObject.of(name, VALUE))).contains(VALUE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://user:s3cr3t-value@db:5432/app",
        "see redis://:s3cr3t-value@cache/0",
        "gho_0123456789abcdef_s3cr3t-value",
        "Bearer s3cr3t-value",
        "basic s3cr3t-value",
        "Server=db;Password=s3cr3t-value;Timeout=1",
        "-----BEGIN PRIVATE KEY-----\ns3cr3t-value\n-----END PRIVATE KEY-----",
      })
  void takesOutWhatLooksLikeASecretWhereverItStands(String text) {
    assertThat(redacted(JsonObject.of("note", text))).doesNotContain(VALUE);
  }

  @Test
  void takesOutEverythingBelowASecretName() {
    JsonObject below = JsonObject.of("credentials", JsonObject.of("user", VALUE, "n", 4711));
    assertThat(redacted(below)).isEqualTo("{\"credentials\":\"[redacted]\"}");
  }

  @Test
  void leavesWhenASecretWasSet() {
    String time = "2026-11-23T20:00:00.118204Z";
    assertThat(redacted(JsonObject.of("secretSetAt", time))).contains(time);
    assertThat(redacted(JsonObject.of("secretSetAt", VALUE))).doesNotContain(VALUE);
    assertThat(redacted(JsonObject.of("secret", time))).doesNotContain(time);
  }

  @Test
  void leavesTheKeysThatVerify() {
    JsonObject key = JsonObject.of("kty", "OKP", "crv", "Ed25519", "x", VALUE);
    assertThat(redacted(JsonObject.of("keys", JsonArray.of(key)))).contains(VALUE);
    for (Object other :
        List.of(VALUE, key.copy().put("d", "x"), JsonObject.of("kty", "oct", "k", VALUE))) {
      assertThat(redacted(JsonObject.of("keys", JsonArray.of(key, other)))).doesNotContain(VALUE);
    }
  }

  @Test
  void saysNoNumberThatReadersDisagreeAbout() {
    assertThat(redacted(JsonObject.of("a", Long.MAX_VALUE, "b", 7, "c", 1.5)))
        .isEqualTo("{\"a\":\"9223372036854775807\",\"b\":7,\"c\":1.5}");
  }

  @Test
  void keepsOnlyTheHashOfAVeryLongDocument() {
    JsonObject document = JsonObject.of("text", "x".repeat(70_000));
    AuditRecord added =
        AuditRecord.of(new UUID(0, 1), "act", Actor.SYSTEM, "/x")
            .withDocument("after", Optional.of(document));
    assertThat(added.entry()).hasSizeLessThan(1000).contains("\"omitted\":true", "\"sha256\":\"");
  }

  private static String redacted(JsonObject document) {
    return CanonicalJson.of(Redaction.of(document));
  }
}
