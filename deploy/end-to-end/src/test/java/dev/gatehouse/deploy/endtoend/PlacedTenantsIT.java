package dev.gatehouse.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.backends.EmbeddedPostgres;
import dev.gatehouse.deploy.endtoend.RawHttp.Answer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The sample application behind a gateway with tenants in shared tables, in a schema and in a
 * database at once: from registering a server to a note that only its tenant sees.
 */
@Timeout(180)
class PlacedTenantsIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path NOTE_SQL =
      Path.of("../sample-app/src/main/resources/dev/gatehouse/sample/note.sql");
  private static final List<String> STRATEGIES = List.of("shared", "schema", "database");

  @TempDir private Path scratch;

  @Test
  void keepsNotesOfThreeTenantsWhereEachIsAndMovesTheTablesOfAll() throws Exception {
    try (EmbeddedPostgres shop = EmbeddedPostgres.start(scratch.resolve("shop"), 0);
        InstalledParts parts = new InstalledParts(scratch)) {
      register(parts, shop);
      rollOut(parts, 1, Files.readString(NOTE_SQL));
      int application = InstalledParts.freePort();
      int gateway = InstalledParts.freePort();
      int admin = InstalledParts.freePort();
      Process sample = startSample(parts, application);
      Process edge = parts.startGateway("edge", gateway, admin, "");
      try {
        parts.awaitReady(admin);
        parts.post(
            "/v1/services",
            """
            {"name": "sample", "databaseToken": true,
             "endpoints": [{"host": "127.0.0.1", "port": %d}]}
            """
                .formatted(application));
        parts.post("/v1/routes", "{\"pathPrefix\": \"/\", \"service\": \"sample\"}");
        List<String> keys = new ArrayList<>();
        for (String strategy : STRATEGIES) {
          parts.post(
              "/v1/tenants",
              """
              {"slug": "%1$s-tenant", "name": "%1$s", "config": {"database": {"strategy": "%1$s"}}}
              """
                  .formatted(strategy));
          keys.add(parts.apiKey(strategy + "-tenant"));
        }
        RawHttp http = new RawHttp(gateway);
        for (int i = 0; i < STRATEGIES.size(); i++) {
          awaitServed(http, STRATEGIES.get(i), keys.get(i));
          assertThat(add(http, STRATEGIES.get(i), keys.get(i)).status()).isEqualTo(201);
        }

        rollOut(parts, 2, "ALTER TABLE note ADD COLUMN due date");

        for (int i = 0; i < STRATEGIES.size(); i++) {
          Answer notes = get(http, STRATEGIES.get(i), keys.get(i));
          assertThat(notes.text()).contains("of " + STRATEGIES.get(i));
          for (String other : STRATEGIES) {
            if (!other.equals(STRATEGIES.get(i))) {
              assertThat(notes.text()).doesNotContain("of " + other);
            }
          }
          assertThat(get(http, STRATEGIES.get((i + 1) % 3), keys.get(i)).status())
              .as("another's key opens nothing")
              .isEqualTo(401);
        }
        assertThat(parts.command("", "partition", "placements", "eu-1"))
            .contains("shared", "schema", "database", "placed");
        assertThat(parts.command("", "blueprint", "places", "shop", "--which", "behind"))
            .doesNotContain("eu-1");
      } finally {
        for (Process process : new Process[] {edge, sample}) {
          process.destroy();
        }
        for (Process process : new Process[] {edge, sample}) {
          assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
      }
    }
  }

  private static void register(InstalledParts parts, EmbeddedPostgres shop) throws Exception {
    URI server = URI.create(shop.url());
    String[] login = server.getUserInfo().split(":", 2);
    parts.command(
        JSON.writeValueAsString(
            Map.of(
                "name",
                "eu-1",
                "host",
                server.getHost(),
                "port",
                server.getPort(),
                "database",
                server.getPath().substring(1),
                "user",
                login[0],
                "password",
                login[1])),
        "partition",
        "create",
        "--file",
        "-");
    while (!parts.command("", "partition", "get", "eu-1").contains("ready")) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
    parts.command("{\"name\": \"shop\"}", "blueprint", "create", "--file", "-");
  }

  private static void rollOut(InstalledParts parts, int version, String up) throws Exception {
    String document = JSON.writeValueAsString(Map.of("up", up));
    parts.command(
        document, "blueprint", "put-version", "shop", String.valueOf(version), "--file", "-");
    String begun =
        parts.command(
            "{\"to\": " + version + "}",
            "rollout",
            "create",
            "shop",
            "--file",
            "-",
            "--output",
            "json");
    JsonNode rollout = JSON.readTree(begun.substring(begun.indexOf('{')));
    String id = rollout.get("id").asText();
    while (!parts.command("", "rollout", "get", id).contains("done")) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
  }

  private Process startSample(InstalledParts parts, int port) throws Exception {
    String made =
        parts.post(
            "/v1/tokens",
            "{\"kind\": \"operator\", \"name\": \"shop\", \"role\": \"application\"}");
    Path token =
        Files.writeString(scratch.resolve("token"), JSON.readTree(made).get("secret").asText());
    return Launcher.command(
            "sample-app",
            "--port",
            String.valueOf(port),
            "--jwks",
            parts.controlPlaneUrl() + "/.well-known/jwks.json",
            "--control-plane",
            parts.controlPlaneUrl(),
            "--token-file",
            token.toString())
        .redirectOutput(scratch.resolve("sample.out").toFile())
        .start();
  }

  /** Until the application listens and the tenant has its place; the test's time limit ends it. */
  private static void awaitServed(RawHttp http, String strategy, String key) throws Exception {
    while (get(http, strategy, key).status() != 200) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
  }

  private static Answer get(RawHttp http, String strategy, String key) throws Exception {
    return http.get(strategy + "-tenant.example.test", "/notes", "X-API-Key: " + key + "\r\n");
  }

  private static Answer add(RawHttp http, String strategy, String key) throws Exception {
    String body = "{\"text\": \"of " + strategy + "\"}";
    return http.send(
        "POST /notes HTTP/1.1\r\nHost: "
            + strategy
            + "-tenant.example.test\r\nX-API-Key: "
            + key
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n",
        body);
  }
}
