package dev.gatehouse.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.backends.TestBackends;
import dev.gatehouse.contract.context.ContextVerifier;
import dev.gatehouse.contract.context.TenantContext;
import dev.gatehouse.contract.database.IsolationStrategy;
import dev.gatehouse.contract.database.PoolSettings;
import dev.gatehouse.contract.database.TenantDatabase;
import dev.gatehouse.tenancy.Keeping;
import dev.gatehouse.tenancy.Placements;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A search that anybody can put any SQL into, in a build for this test alone: whatever acme's user
 * sends, nothing of globex comes back.
 */
@Timeout(180)
@ParameterizedClass
@CsvSource({"SHARED, PARAMETER", "SHARED, SEAL", "SCHEMA, PARAMETER", "DATABASE, PARAMETER"})
class InjectionTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final String SECRET = "takeover of acme on friday";

  private final Vertx vertx = Vertx.vertx();
  private final Placements placements;
  private final UUID acme;
  private final UUID globex;
  private TenantDatabase database;
  private HttpServer server;

  InjectionTest(IsolationStrategy strategy, Keeping keeping) throws Exception {
    placements =
        new Placements(
            strategy, keeping, TestBackends.freshDatabaseUrl(), DatabaseNotesTest.blueprint());
    acme = placements.tenant("acme");
    globex = placements.tenant("globex");
    // Two connections at the most, so that acme and globex get each other's.
    database =
        new TenantDatabase(
            vertx, placements.source(), PoolSettings.defaults().withConnections(2, 2, 2));
    Router router = Router.router(vertx);
    URI keys = placements.url().resolve(TenantContext.JWKS_PATH);
    router
        .route()
        .blockingHandler(new ContextGate(ContextVerifier.fetchingFrom(Placements.SERVICE, keys)));
    router.get("/search").handler(this::search);
    server = vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1").await();
  }

  @BeforeEach
  void write() {
    for (UUID tenant : List.of(acme, globex)) {
      database
          .inTransaction(
              placements.request(tenant),
              connection ->
                  connection
                      .preparedQuery(
                          "INSERT INTO note (id, text, author) VALUES (gen_random_uuid(), $1, 'ada')")
                      .execute(Tuple.of(tenant.equals(globex) ? SECRET : "buy milk")))
          .await();
    }
  }

  @AfterEach
  void stop() {
    database.close();
    placements.close();
    vertx.close().await();
  }

  /** Never do this: the text of the request is part of the statement. */
  private void search(RoutingContext ctx) {
    String like = ctx.request().getParam("q");
    database
        .inTransaction(
            ContextGate.requestOf(ctx),
            connection ->
                connection
                    .query("SELECT text FROM note WHERE text LIKE '%" + like + "%'")
                    .execute())
        .onComplete(found ->
            ctx.response()
                .end(found.succeeded() ? everything(found.result()) : "" + found.cause()));
  }

  private static String everything(RowSet<Row> results) {
    StringBuilder text = new StringBuilder();
    for (RowSet<Row> rows = results; rows != null; rows = rows.next()) {
      rows.forEach(row -> text.append(row.deepToString()).append('\n'));
    }
    return text.toString();
  }

  @Test
  void showsNothingOfAnotherTenant() throws Exception {
    assertThat(search(acme, "milk")).contains("buy milk");
    assertThat(search(globex, "")).contains(SECRET);

    Placements.Place own = placements.placeOf(acme);
    Placements.Place other = placements.placeOf(globex);
    String theirs = "t_" + globex.toString().replace("-", "") + ".note";
    String acmesToken = placements.request(acme).context().database().orElseThrow().token();
    String forged =
        acmesToken.replace(acme.toString().replace("-", ""), globex.toString().replace("-", ""));
    for (String attack :
        List.of(
            "' OR true --",
            "' UNION ALL SELECT text FROM note --",
            "' UNION ALL SELECT text FROM note WHERE tenant_id = '" + globex + "' --",
            "' UNION ALL SELECT text FROM " + theirs + " --",
            "' UNION ALL SELECT text FROM " + other.database() + ".public.note --",
            "'; COMMIT; SELECT text FROM note; --",
            "'; ROLLBACK; BEGIN; SELECT text FROM note; --",
            "'; SELECT tenancy.enter('" + forged + "'); SELECT text FROM note; --",
            "'; COMMIT; BEGIN; SELECT tenancy.enter('" + forged + "'); SELECT text FROM note; --",
            "'; SELECT set_config('tenancy.entered', '"
                + globex
                + "' || substr(current_setting('tenancy.entered', true), 37), true); SELECT text FROM note; --",
            "'; SELECT set_config('backtrace_functions', 'gatehouse_"
                + globex.toString().replace("-", "")
                + "', true); SELECT text FROM note; --",
            "'; SET backtrace_functions = gatehouse_"
                + globex.toString().replace("-", "")
                + "; SELECT text FROM note; --",
            "'; RESET ALL; SELECT text FROM note; --",
            "'; SET row_security = off; SELECT text FROM note; --",
            "'; SET ROLE " + other.user() + "; SELECT text FROM note; --",
            "'; SET SESSION AUTHORIZATION " + other.user() + "; SELECT text FROM note; --",
            "'; ALTER TABLE note DISABLE ROW LEVEL SECURITY; SELECT text FROM note; --",
            "'; DROP POLICY tenancy_tenant ON note; SELECT text FROM note; --",
            "'; COPY note TO STDOUT; --",
            "'; DECLARE all_notes CURSOR WITH HOLD FOR SELECT * FROM note; COMMIT; FETCH ALL FROM all_notes; --",
            "'; SELECT query FROM pg_stat_activity; SELECT most_common_vals::text FROM pg_stats; --",
            "'; SELECT inner_text::text FROM tenancy.token_key; SELECT key FROM tenancy.seal; --",
            "'; UPDATE note SET tenant_id = '" + acme + "'; SELECT text FROM note; --",
            "'; SELECT pg_read_file('postgresql.conf'); --",
            "'; COPY note FROM PROGRAM 'true'; --",
            "'; SET search_path = "
                + own.user()
                + ", pg_temp; CREATE TEMP TABLE note (text text); --",
            "'; DEALLOCATE ALL; PREPARE all_notes AS SELECT text FROM note; COMMIT; EXECUTE all_notes; --")) {
      assertThat(search(acme, attack)).as(attack).doesNotContain(SECRET);
      // On the connection of whom that was.
      assertThat(search(globex, "takeover")).as("after " + attack).contains(SECRET);
      assertThat(search(acme, "")).as("after " + attack).doesNotContain(SECRET);
    }
  }

  /** What an attacker leaves in acme's sessions does not carry globex's notes or tokens back. */
  @Test
  void leavesNothingThatWouldFetchThemLater() throws Exception {
    for (String trap :
        List.of(
            "'; DO $$ DECLARE s text; BEGIN FOR s IN SELECT name FROM pg_prepared_statements LOOP"
                + " EXECUTE format('DEALLOCATE %I', s);"
                + " EXECUTE format('PREPARE %I(text) AS SELECT tenancy.enter($1), extract(epoch from now())::text"
                + " || left(set_config(''x.stolen'', $1, false), 0)', s); END LOOP; END $$; --",
            "'; SELECT set_config('x.stolen', 'mine', false); LISTEN stolen; --",
            "'; SET search_path = pg_catalog; --",
            "'; SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY; --")) {
      search(acme, trap);
      assertThat(search(globex, "takeover")).as("after " + trap).contains(SECRET);
      assertThat(
              search(
                  acme,
                  "'; SELECT '[' || coalesce(current_setting('x.stolen', true), '') || ']'; --"))
          .as("after " + trap)
          .contains("[[]]");
    }
  }

  private String search(UUID tenant, String text) throws Exception {
    HttpResponse<String> answer =
        CLIENT.send(
            HttpRequest.newBuilder(
                    URI.create(
                        "http://127.0.0.1:"
                            + server.actualPort()
                            + "/search?q="
                            + URLEncoder.encode(text, StandardCharsets.UTF_8)))
                .header(TenantContext.HEADER, placements.request(tenant).jws())
                .build(),
            BodyHandlers.ofString());
    return answer.body();
  }
}
