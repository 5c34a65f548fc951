package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.context.ContextVerifier;
import dev.gatehouse.contract.edge.EdgeApiKey;
import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.gateway.Platform.TestTenant;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ApiKeyTest {
  private static Platform platform;

  @BeforeAll
  static void start() throws Exception {
    platform = new Platform();
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  @Test
  void signsTheScopesOfTheKey() throws Exception {
    TestTenant tenant = platform.tenant();
    SecretToken secret = SecretToken.generate(SecretToken.Kind.API_KEY);
    EdgeApiKey key =
        new EdgeApiKey(
            secret.id(),
            tenant.edge().id(),
            HexFormat.of().formatHex(secret.hash()),
            "robot",
            Set.of(),
            Optional.empty(),
            Optional.of(Set.of("orders:read", "orders:write")));
    platform.feed.awaitApplied(platform.feed.put(key));

    assertThat(get(tenant, secret).status()).isEqualTo(200);

    String jwks =
        RawClient.send(
                platform.gateway.adminPort(), "GET /.well-known/jwks.json HTTP/1.1", "Host: admin")
            .body();
    String context = platform.upstream.last().values("X-Tenant-Context").getFirst();
    assertThat(ContextVerifier.withKeys("app", jwks).verify(context).scopes())
        .containsExactlyInAnyOrder("orders:read", "orders:write");
  }

  @Test
  void tellsTheControlPlaneWhichKeysWereUsed() throws Exception {
    TestTenant used = platform.tenant();
    TestTenant unused = platform.tenant();
    long before = Instant.now().toEpochMilli();

    for (int i = 0; i < 3; i++) {
      assertThat(get(used, used.key()).status()).isEqualTo(200);
    }
    assertThat(get(unused, SecretToken.generate(SecretToken.Kind.API_KEY)).status()).isEqualTo(401);

    JsonObject report;
    do {
      report = platform.feed.keysUsed().poll(30, TimeUnit.SECONDS);
      assertThat(report).isNotNull();
      assertThat(report.containsKey(unused.key().id())).isFalse();
    } while (!report.containsKey(used.key().id()));
    assertThat(report.getLong(used.key().id())).isBetween(before, Instant.now().toEpochMilli());
  }

  private static RawClient.Response get(TestTenant tenant, SecretToken key) throws Exception {
    return RawClient.send(
        platform.gateway.httpPort(),
        "GET /hello HTTP/1.1",
        "Host: " + tenant.host(),
        "X-API-Key: " + key.reveal());
  }
}
