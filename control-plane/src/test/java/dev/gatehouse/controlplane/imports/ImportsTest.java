package dev.gatehouse.controlplane.imports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ImportsTest {
  private static final String NDJSON = "application/x-ndjson";
  private static final String CSV = "text/csv";

  private final ApiClient api = RunningControlPlane.operator();

  private Reply post(String type, String body, String... headers) {
    String[] all = java.util.Arrays.copyOf(headers, headers.length + 2);
    all[headers.length] = "Content-Type";
    all[headers.length + 1] = type;
    return api.send("POST", "/v1/tenants/imports", body, all);
  }

  private JsonObject ended(Reply accepted) {
    assertThat(accepted.status()).as(accepted.toString()).isEqualTo(202);
    return ended(accepted.header("Location"));
  }

  private JsonObject ended(String path) {
    JsonObject state = api.get(path).json();
    while (!state.containsKey("endedAt")) {
      if (Thread.interrupted()) {
        throw new AssertionError("the import did not end: " + state);
      }
      LockSupport.parkNanos(20_000_000);
      state = api.get(path).json();
    }
    return state;
  }

  private List<JsonObject> errors(JsonObject ended) {
    String path = "/v1/tenants/imports/" + ended.getString("id") + "/errors";
    return api.get(path).json().getJsonArray("items").stream().map(JsonObject.class::cast).toList();
  }

  private static String lines(Stream<JsonObject> documents) {
    return documents.map(JsonObject::encode).collect(Collectors.joining("\n"));
  }

  @Test
  void createsATenantForEachLine() {
    List<String> slugs = IntStream.range(0, 1234).mapToObj(_ -> Fresh.slug()).toList();
    String body =
        lines(slugs.stream().map(slug -> new JsonObject().put("slug", slug).put("name", "n")));

    JsonObject ended = ended(post(NDJSON, body));

    assertThat(ended.getString("state")).isEqualTo("done");
    assertThat(ended.getLong("lines")).isEqualTo(1234);
    assertThat(ended.getLong("processed")).isEqualTo(1234);
    assertThat(ended.getLong("created")).isEqualTo(1234);
    for (String slug : List.of(slugs.getFirst(), slugs.get(777), slugs.getLast())) {
      JsonObject tenant = api.get("/v1/tenants/" + slug).json();
      assertThat(tenant.getString("status")).isEqualTo("active");
      JsonObject first =
          api.get("/v1/tenants/" + slug + "/transitions")
              .json()
              .getJsonArray("items")
              .getJsonObject(0);
      assertThat(first.getString("by")).isEqualTo("import by first operator");
    }
  }

  @Test
  void createsNoTenantWhoseSubdomainLeadsToARenamedOne() {
    JsonObject renamed = Fresh.tenant();
    String path = api.post("/v1/tenants", renamed).header("Location");
    api.patch(path, new JsonObject().put("slug", Fresh.slug()));

    JsonObject ended =
        ended(post(NDJSON, lines(Stream.of(Fresh.tenant(), renamed, Fresh.tenant()))));

    assertThat(ended.getLong("created")).isEqualTo(2);
    assertThat(errors(ended).getFirst().encode()).contains("slug-taken");
  }

  /** One that stayed would be in the way of others: only a few are received at once. */
  @Test
  void leavesNothingOfARequestThatWasAnsweredBefore() {
    String body = Fresh.tenant().encode();
    String key = Fresh.slug();
    String first = post(NDJSON, body, "Idempotency-Key", key).header("Location");
    for (int i = 0; i < 12; i++) {
      assertThat(post(NDJSON, body, "Idempotency-Key", key).header("Location")).isEqualTo(first);
      assertThat(post(NDJSON, body, "Idempotency-Key", "").status()).isEqualTo(400);
    }
    assertThat(ended(first).getLong("created")).isEqualTo(1);
    assertThat(api.get("/v1/tenants/imports?limit=100").text()).doesNotContain("\"receiving\"");
  }

  @Test
  void refusesALineOfNothingButFields() {
    Reply refused = post(CSV, "slug,name\n" + ",".repeat(100_000));
    assertThat(refused.status()).isEqualTo(413);
  }

  @Test
  void recordsEachTenantInItsAuditTrail() {
    JsonObject tenant = Fresh.tenant();
    ended(post(NDJSON, tenant.encode()));

    JsonObject entry =
        api.get("/v1/tenants/" + tenant.getString("slug") + "/audit")
            .json()
            .getJsonArray("items")
            .getJsonObject(0)
            .getJsonObject("entry");
    assertThat(entry.getString("action")).isEqualTo("import.create");
    assertThat(entry.getJsonObject("actor").getString("name"))
        .isEqualTo("import by first operator");
  }

  @Test
  void saysOfEachRefusedLineWhyAndCreatesTheOthers() {
    JsonObject good = Fresh.tenant();
    JsonObject pending = Fresh.tenant().put("status", "pending");
    String taken = Fresh.slug();
    api.post("/v1/tenants", Fresh.tenant().put("slug", taken));
    String body =
        String.join(
            "\n",
            good.encode(),
            "",
            "{\"slug\": \"" + Fresh.slug() + "\"",
            Fresh.tenant().put("limits", new JsonObject().put("burst", -3)).encode(),
            Fresh.tenant().put("slug", taken).encode(),
            Fresh.tenant().put("slug", "www").encode(),
            good.encode(),
            Fresh.tenant().put("frobnicate", 1).encode(),
            Fresh.tenant()
                .put(
                    "config",
                    new JsonObject()
                        .put("services", new JsonObject().put("no-such", new JsonObject())))
                .encode(),
            pending.encode());

    JsonObject ended = ended(post(NDJSON, body));

    assertThat(ended.getLong("created")).isEqualTo(2);
    assertThat(ended.getLong("refused")).isEqualTo(7);
    List<JsonObject> errors = errors(ended);
    assertThat(errors)
        .extracting(one -> one.getInteger("line"))
        .containsExactly(3, 4, 5, 6, 7, 8, 9);
    assertThat(errors)
        .extracting(one -> one.getString("type").replaceAll(".*/", ""))
        .containsExactly(
            "malformed-json",
            "invalid-body",
            "slug-taken",
            "slug-reserved",
            "slug-taken",
            "invalid-body",
            "unknown-service");
    assertThat(errors.get(1).getJsonArray("errors").getJsonObject(0).getString("pointer"))
        .isEqualTo("/limits/burst");
    assertThat(api.get("/v1/tenants/" + good.getString("slug")).status()).isEqualTo(200);
    assertThat(api.get("/v1/tenants/" + pending.getString("slug")).status()).isEqualTo(200);
  }

  @Test
  void readsCsvWithQuotesAndEmptyFields() {
    String first = Fresh.slug();
    String second = Fresh.slug();
    String body =
        "\uFEFFslug,name,limits.requestsPerSecond,config.auth.methods,settings.timezone\r\n"
            + first
            + ",\"Acme, \"\"the\"\"\nfirst\",100,anonymous api-key,Europe/Berlin\r\n"
            + "\r\n"
            + second
            + ",Globex,,,\r\n"
            + Fresh.slug()
            + ",too few\r\n"
            + Fresh.slug()
            + ",x,many,,\r\n";

    JsonObject ended = ended(post(CSV + "; charset=utf-8", body));

    assertThat(ended.getLong("created")).as(errors(ended).toString()).isEqualTo(2);
    JsonObject tenant = api.get("/v1/tenants/" + first).json();
    assertThat(tenant.getString("name")).isEqualTo("Acme, \"the\"\nfirst");
    assertThat(tenant.getJsonObject("limits").getInteger("requestsPerSecond")).isEqualTo(100);
    assertThat(tenant.getJsonObject("config").getJsonObject("auth").getJsonArray("methods"))
        .containsExactly("anonymous", "api-key");
    assertThat(api.get("/v1/tenants/" + second).json().containsKey("limits")).isFalse();
    assertThat(errors(ended)).extracting(one -> one.getInteger("line")).containsExactly(6, 7);
    assertThat(errors(ended).getFirst().getString("detail"))
        .isEqualTo("the line has 2 fields, expected 5");
  }

  @Test
  void createsNothingInADryRunAndFindsTheSameErrors() {
    String slug = Fresh.slug();
    String body =
        lines(
            Stream.concat(
                Stream.of(new JsonObject().put("slug", slug).put("name", "n")),
                Stream.concat(
                    Stream.generate(Fresh::tenant).limit(150),
                    Stream.of(new JsonObject().put("slug", slug).put("name", "again")))));
    Reply accepted =
        api.send("POST", "/v1/tenants/imports?dryRun=true", body, "Content-Type", NDJSON);

    JsonObject ended = ended(accepted);

    assertThat(ended.getLong("processed")).isEqualTo(152);
    assertThat(ended.getLong("created")).isZero();
    assertThat(errors(ended)).extracting(one -> one.getInteger("line")).containsExactly(152);
    assertThat(errors(ended).getFirst().getString("type")).endsWith("slug-taken");
    assertThat(api.get("/v1/tenants/" + slug).status()).isEqualTo(404);
  }

  @Test
  void refusesWhatIsNoImport() {
    assertThat(post("application/json", "{}").status()).isEqualTo(415);
    assertThat(post("application/json", "{}").header("Accept-Post"))
        .contains("application/x-ndjson", "text/csv");
    assertThat(post(NDJSON, "\n\n").problem()).isEqualTo("invalid-body");
    assertThat(post(CSV, "slug,name,=cmd\nx,y,z\n").json().getString("detail"))
        .startsWith("the first line names a column \"=cmd\", expected are billing.");
    assertThat(post(CSV, "slug,slug\n").problem()).isEqualTo("invalid-body");
    assertThat(post(NDJSON, "x".repeat(70_000)).problem()).isEqualTo("body-too-large");
    assertThat(
            RunningControlPlane.withToken("")
                .send("POST", "/v1/tenants/imports", "{}", "Content-Type", NDJSON)
                .status())
        .isEqualTo(401);
    String nobody = "/v1/tenants/imports/00000000-0000-7000-8000-000000000000";
    for (String path : List.of(nobody, nobody + "/errors", nobody + "/errors/export")) {
      assertThat(api.get(path).problem()).as(path).isEqualTo("import-not-found");
    }
    assertThat(api.post(nobody + "/cancel").problem()).isEqualTo("import-not-found");
    assertThat(api.get("/v1/tenants/imports/x").problem()).isEqualTo("invalid-parameter");
  }

  @Test
  void beginsOneImportForOneIdempotencyKey() {
    String key = java.util.UUID.randomUUID().toString();
    String body = Fresh.tenant().encode();
    Reply first = post(NDJSON, body, "Idempotency-Key", key);
    Reply second = post(NDJSON, body, "Idempotency-Key", key);

    assertThat(second.header("Location")).isEqualTo(first.header("Location"));
    assertThat(second.text()).isEqualTo(first.text());
    assertThat(post(NDJSON, Fresh.tenant().encode(), "Idempotency-Key", key).problem())
        .isEqualTo("idempotency-key-reused");
    assertThat(ended(first).getLong("created")).isEqualTo(1);
  }

  @Test
  void goesNoFurtherOnceItIsCancelled() {
    Reply accepted = post(NDJSON, lines(Stream.generate(Fresh::tenant).limit(5_000)));
    Reply cancelled = api.post(accepted.header("Location") + "/cancel");

    assertThat(cancelled.json().getString("state")).as(cancelled.toString()).isEqualTo("cancelled");
    JsonObject ended = ended(accepted.header("Location"));
    assertThat(ended.getLong("processed")).isLessThan(5_000);
    assertThat(api.post(accepted.header("Location") + "/cancel").problem())
        .isEqualTo("import-ended");
    assertThat(api.get(accepted.header("Location")).json().getLong("processed"))
        .isEqualTo(ended.getLong("processed"));
  }

  @Test
  void givesErrorsAsCsvThatIsNoFormula() {
    String slug = "=cmd|'/C calc'!A0";
    JsonObject ended =
        ended(
            post(
                NDJSON,
                new JsonObject().put("slug", slug).put("name", "n").put("=1+1", 1).encode()));

    Reply csv = api.get("/v1/tenants/imports/" + ended.getString("id") + "/errors/export");

    assertThat(csv.header("Content-Type")).isEqualTo("text/csv; charset=utf-8");
    assertThat(csv.text()).startsWith("line,problem,pointer,detail\r\n1,").contains(slug);
    assertThat(csv.text().split("[,\n]", -1)).noneMatch(field -> field.matches("\"?[=+@-].*"));
  }

  @Test
  void givesAllErrorsHoweverManyThereAre() {
    int lines = 1_201;
    String body =
        lines(Stream.generate(() -> new JsonObject().put("slug", Fresh.slug())).limit(lines));
    JsonObject ended = ended(post(NDJSON, body));

    Reply csv = api.get("/v1/tenants/imports/" + ended.getString("id") + "/errors/export");

    assertThat(csv.text().lines().skip(1).map(row -> row.split(",", 2)[0]))
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, lines).mapToObj(Integer::toString).toList());
  }

  @Test
  void listsImportsTheNewestFirst() {
    String older = ended(post(NDJSON, Fresh.tenant().encode())).getString("id");
    String newer = ended(post(NDJSON, Fresh.tenant().encode())).getString("id");
    List<String> ids =
        api.get("/v1/tenants/imports?limit=200").json().getJsonArray("items").stream()
            .map(item -> ((JsonObject) item).getString("id"))
            .toList();
    assertThat(ids).containsSubsequence(newer, older);
  }
}
