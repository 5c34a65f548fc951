package dev.gatehouse.tenancy;

import static dev.gatehouse.contract.database.IsolationStrategy.SHARED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.context.SignedContext;
import dev.gatehouse.contract.database.PoolSettings;
import dev.gatehouse.contract.database.TenantDataSource;
import dev.gatehouse.contract.database.TenantDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What somebody who can run any SQL in acme's transactions leaves behind in the session for globex,
 * which has the same connection next: nothing.
 */
@Timeout(120)
@ParameterizedClass
@CsvSource({"V15, SEAL", "V18, PARAMETER"})
class LeftBehindTest {
  private static final PoolSettings ONE = PoolSettings.defaults().withConnections(1, 1, 1);

  private final Vertx vertx = Vertx.vertx();
  private final Keeping keeping;
  private final Placements placements;
  private final UUID acme;
  private final UUID globex;
  private final TenantDatabase database;
  private final TenantDataSource sources;

  LeftBehindTest(Postgres postgres, Keeping keeping) throws Exception {
    this.keeping = keeping;
    placements = new Placements(SHARED, keeping, postgres.url(), Placements.TABLE);
    acme = placements.tenant("acme");
    globex = placements.tenant("globex");
    database = new TenantDatabase(vertx, placements.source(), ONE);
    sources = new TenantDataSource(placements.source(), ONE);
  }

  @AfterEach
  void close() {
    database.close();
    sources.close();
    placements.close();
    vertx.close().await();
  }

  /** How an application runs SQL. */
  private enum Client {
    VERTX,
    JDBC
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          SELECT set_config('x.stolen', string_agg(text, ','), false) FROM note | SELECT coalesce(nullif(current_setting('x.stolen', true), ''), 'nothing') | nothing
          SET statement_timeout = 1                             | SHOW statement_timeout            | 0
          SET search_path = pg_catalog                          | SHOW search_path                  | app
          SET default_transaction_read_only = on                | SHOW transaction_read_only        | off
          SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY  | SHOW transaction_read_only        | off
          LISTEN secrets                                        | SELECT count(*) FROM pg_listening_channels() | 0
          DECLARE held CURSOR WITH HOLD FOR SELECT * FROM note  | SELECT count(*) FROM pg_cursors WHERE is_holdable | 0
          SELECT pg_advisory_lock(7)                            | SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() | 0
          PREPARE mine AS SELECT 1                              | SELECT count(*) FROM pg_prepared_statements WHERE from_sql | 0
          """)
  void findsNothing(String leave, String look, String expected) throws Exception {
    for (Client client : Client.values()) {
      run(client, acme, List.of(leave));
      assertThat(run(client, globex, List.of(look))).as("%s", client).isEqualTo(expected);
      assertThat(run(client, globex, List.of("SELECT string_agg(text, ',') FROM note")))
          .isEqualTo("globex 1,globex 2,globex 3");
    }
  }

  /**
   * The statement that enters stays prepared. Another one under its name would be run with the next
   * tenant's token, and could keep it for the next transaction of the attacker's.
   */
  @Test
  void doesNotRunWhatHasTakenTheNameOfAStatementThatIsKept() throws Exception {
    for (Client client : Client.values()) {
      // The driver of JDBC keeps one from its fifth use on.
      for (int i = 0; i < 8; i++) {
        run(client, acme, List.of("SELECT 1"));
      }
      String name =
          run(
              client,
              acme,
              List.of(
                  "SELECT max(name) FROM pg_prepared_statements WHERE statement LIKE 'SELECT tenancy.enter%'"));
      assertThat(name).as("%s keeps it", client).isNotEqualTo("null");
      run(
          client,
          acme,
          List.of(
              "DEALLOCATE \"" + name + "\"",
              "PREPARE \""
                  + name
                  + "\"(text) AS SELECT tenancy.enter($1), EXTRACT(EPOCH FROM transaction_timestamp())::text"
                  + " || left(set_config('x.token', $1, false), 0)"));
      assertThat(run(client, globex, List.of("SELECT count(*) FROM note"))).isEqualTo("3");
      assertThat(
              run(
                  client,
                  acme,
                  List.of("SELECT coalesce(nullif(current_setting('x.token', true), ''), 'none')")))
          .isEqualTo("none");
    }
  }

  @Test
  void goesOnWhenAStatementThatIsKeptWasThrownAway() throws Exception {
    for (Client client : Client.values()) {
      for (int i = 0; i < 8; i++) {
        run(client, acme, List.of("SELECT 1"));
      }
      run(client, acme, List.of("DEALLOCATE ALL"));
      assertThat(run(client, globex, List.of("SELECT count(*) FROM note"))).isEqualTo("3");
    }
  }

  /** As somebody would who has acme's transactions: the tenant of another one is nothing there. */
  @Test
  void opensNobodyElsesNotes() throws Exception {
    String hex = globex.toString().replace("-", "");
    String seal = "substr(current_setting('tenancy.entered', true), 37)";
    for (Client client : Client.values()) {
      for (List<String> attack :
          List.of(
              List.of(
                  "SELECT set_config('tenancy.entered', '" + globex + "' || " + seal + ", false)"),
              List.of("SELECT set_config('backtrace_functions', 'gatehouse_" + hex + "', false)"),
              List.of("RESET ALL"))) {
        List<String> commands = new ArrayList<>(attack);
        commands.add("SELECT max(text) FROM note");
        // What is written into the setting by hand says nothing where the parameter does.
        boolean changesNothing =
            keeping == Keeping.PARAMETER && commands.getFirst().contains("tenancy.entered");
        assertThat(seen(client, commands))
            .as(commands.toString())
            .isEqualTo(changesNothing ? "acme 3" : "nobody's");
        assertThat(run(client, acme, List.of("SELECT count(*) FROM note"))).isEqualTo("3");
      }
    }
  }

  /** What acme gets, or that it gets nothing. */
  private String seen(Client client, List<String> commands) {
    try {
      return run(client, acme, commands);
    } catch (Exception refused) {
      assertThat(refused).hasMessageFindingMatch("no tenant was entered|permission denied");
      return "nobody's";
    }
  }

  /** The last result's first value, as text. */
  private String run(Client client, UUID tenant, List<String> commands) throws Exception {
    SignedContext request = placements.request(tenant);
    return switch (client) {
      case JDBC -> {
        try (Connection connection = sources.forContext(request).getConnection()) {
          List<String> results = new ArrayList<>();
          for (String command : commands) {
            results = results(connection, command);
          }
          connection.commit();
          yield results.isEmpty() ? "" : results.getFirst();
        }
      }
      case VERTX -> {
        Future<String> answer =
            database.inTransaction(
                request,
                connection -> {
                  Future<String> last = Future.succeededFuture("");
                  for (String command : commands) {
                    last =
                        last.compose(_ -> connection.query(command).execute())
                            .map(rows ->
                                rows.iterator().hasNext()
                                    ? String.valueOf(rows.iterator().next().getValue(0))
                                    : "");
                  }
                  return last;
                });
        try {
          yield answer.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
          throw e.getCause() instanceof Exception cause ? cause : e;
        }
      }
    };
  }

  private static List<String> results(Connection connection, String command) throws SQLException {
    try (var statement = connection.createStatement()) {
      List<String> values = new ArrayList<>();
      if (statement.execute(command)) {
        try (var rows = statement.getResultSet()) {
          while (rows.next()) {
            values.add(String.valueOf(rows.getString(1)));
          }
        }
      }
      return values;
    }
  }
}
