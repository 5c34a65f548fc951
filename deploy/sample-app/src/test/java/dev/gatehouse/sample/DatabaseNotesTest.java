package dev.gatehouse.sample;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.backends.TestBackends;
import dev.gatehouse.contract.context.TenantContext;
import dev.gatehouse.contract.database.IsolationStrategy;
import dev.gatehouse.tenancy.Placements;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Notes in PostgreSQL: the application does not know by which strategy they are kept apart. */
@Timeout(120)
@ParameterizedClass
@EnumSource(IsolationStrategy.class)
class DatabaseNotesTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final Placements placements;
  private final UUID acme;
  private final UUID globex;
  private final SampleApp app;

  DatabaseNotesTest(IsolationStrategy strategy) throws Exception {
    placements = new Placements(strategy, TestBackends.freshDatabaseUrl(), blueprint());
    acme = placements.tenant("acme");
    globex = placements.tenant("globex");
    app =
        SampleApp.start(
            new SampleAppConfig(
                "127.0.0.1",
                0,
                placements.url().resolve(TenantContext.JWKS_PATH),
                Placements.SERVICE,
                Optional.of(
                    new SampleAppConfig.ControlPlane(
                        placements.url(), Placements.OPERATOR_TOKEN))));
  }

  /** The application's table. */
  static String blueprint() throws Exception {
    try (InputStream sql =
        Objects.requireNonNull(DatabaseNotes.class.getResourceAsStream("note.sql"))) {
      return new String(sql.readAllBytes(), UTF_8);
    }
  }

  @AfterEach
  void stop() {
    app.close();
    placements.close();
  }

  @Test
  void keepsEachTenantsNotesForItself() throws Exception {
    assertThat(add(acme, "launch at dawn").statusCode()).isEqualTo(201);
    assertThat(add(acme, "buy milk").statusCode()).isEqualTo(201);
    assertThat(add(globex, "sell milk").statusCode()).isEqualTo(201);

    JsonArray notes = new JsonArray(get(acme, "/notes").body());
    assertThat(notes).hasSize(2);
    assertThat(notes.getJsonObject(0).getString("text")).isEqualTo("launch at dawn");
    assertThat(notes.getJsonObject(0).getString("author")).isEqualTo("ada");
    assertThat(get(acme, "/").body()).contains("buy milk").doesNotContain("sell milk");
    assertThat(get(globex, "/notes").body()).contains("sell milk").doesNotContain("dawn");
  }

  @Test
  void saysThatAPlaceIsNotToBeHad() throws Exception {
    HttpResponse<String> answer = get(UUID.randomUUID(), "/notes");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
  }

  private HttpResponse<String> add(UUID tenant, String text) throws Exception {
    return CLIENT.send(
        request(tenant, "/notes")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(new JsonObject().put("text", text).encode()))
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> get(UUID tenant, String path) throws Exception {
    return CLIENT.send(request(tenant, path).build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(UUID tenant, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + app.port() + path))
        .header(TenantContext.HEADER, placements.request(tenant).jws());
  }
}
