package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.Platform.TestTenant;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What strangers write is told of, and shapes neither metrics nor lines of the log. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ObservedStrangersTest {
  private static final int MANY = 300;

  private Platform platform;
  private TestTenant tenant;

  @BeforeAll
  void start() throws Exception {
    platform = new Platform();
    tenant = platform.tenant();
  }

  @AfterAll
  void stop() {
    platform.close();
  }

  private void ask(String method, String target, String host) throws Exception {
    RawClient.send(
        platform.gateway.httpPort(),
        method + " " + target + " HTTP/1.1",
        "Host: " + host,
        "X-API-Key: " + tenant.key().reveal());
  }

  private List<String> metrics() throws Exception {
    return platform.metrics().lines().filter(line -> !line.startsWith("#")).toList();
  }

  @Test
  void makeNoMetricsOfTheirOwn() throws Exception {
    String word = "x" + UUID.randomUUID().toString().substring(0, 8);
    ask("GET", "/", tenant.host());
    ask("GET", "/", "nobody.example.test");
    int before = metrics().size();
    for (int i = 0; i < MANY; i++) {
      ask("GET", "/", word + i + ".example.test");
      ask("GET", "/" + word + i, tenant.host());
      ask("X" + i, "/", tenant.host());
    }

    assertThat(metrics())
        .noneMatch(line -> line.contains(word) || line.contains("X" + (MANY - 1)))
        // What else a gateway finds out about itself meanwhile.
        .hasSizeLessThan(before + 20);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/%0d%0a{%22status%22:200}",
        "/%0a%0a",
        "/\"},{\"status\":200,\"x\":\"",
        "/\\r\\n{}",
        "/%e2%80%a8%c2%85"
      })
  void writeNoLinesOfTheirOwn(String target) throws Exception {
    TestTenant other = platform.tenant();
    try (AccessLines lines = new AccessLines()) {
      ask("GET", target, other.host());
      ask("GET", "/last", other.host());

      List<JsonObject> seen = lines.of(other.host(), 2);
      assertThat(seen).hasSize(2);
      assertThat(seen.getFirst().getString("path")).isEqualTo(target);
      assertThat(seen.getLast().getString("path")).isEqualTo("/last");
      assertThat(seen).allMatch(line -> !line.encode().contains("\n"));
    }
  }
}
