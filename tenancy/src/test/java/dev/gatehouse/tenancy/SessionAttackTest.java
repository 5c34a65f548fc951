package dev.gatehouse.tenancy;

import static dev.gatehouse.tenancy.Scene.ACME;
import static dev.gatehouse.tenancy.Scene.GLOBEX;
import static dev.gatehouse.tenancy.Scene.execute;
import static dev.gatehouse.tenancy.Scene.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * What somebody can do who runs SQL of his own choice as the application's role, in a transaction
 * of a tenant, on a connection that others use before and after.
 */
@Timeout(120)
@ParameterizedClass
@MethodSource("dev.gatehouse.tenancy.Scene#all")
class SessionAttackTest {
  private static final String NONE = "no tenant was entered in this transaction";
  private static final String ALL = "SELECT text FROM notes.note ORDER BY text";
  private static final List<String> OWN = List.of("acme 1", "acme 2", "acme 3");

  private final Scene scene;
  private final Connection app;

  SessionAttackTest(Scene scene) throws SQLException {
    this.scene = scene;
    this.app = scene.inside(ACME);
  }

  @AfterEach
  void close() throws SQLException {
    app.close();
  }

  private void assertRefused(String command, String why) throws SQLException {
    execute(app, "SAVEPOINT attack");
    assertThatThrownBy(() -> execute(app, command)).as(command).hasMessageContaining(why);
    execute(app, "ROLLBACK TO attack");
  }

  private void assumeSealed() {
    assumeTrue(scene.keeping == Keeping.SEAL, "here tenants are not sealed");
  }

  private static String setting(String value, boolean local) {
    return "SELECT set_config('tenancy.entered', '%s', %s)".formatted(value, local);
  }

  @Test
  void aTransactionThatEnteredNobodySeesNothing() throws SQLException {
    app.commit();

    assertRefused(ALL, NONE);
    assertRefused("INSERT INTO notes.note (id, text) VALUES (9, 'x')", NONE);
    assertRefused("UPDATE notes.note SET text = 'x'", NONE);
    assertRefused("DELETE FROM notes.note", NONE);
  }

  @Test
  void theSettingCannotBeWrittenByHand() throws SQLException {
    assumeSealed();
    String sealed = query(app, "SELECT current_setting('tenancy.entered')").getFirst();
    String seal = sealed.substring(36);
    for (String forged :
        List.of(
            GLOBEX + seal,
            GLOBEX.toString(),
            GLOBEX + "0".repeat(64),
            GLOBEX + seal.substring(0, 63) + "g",
            "x".repeat(100),
            "")) {
      execute(app, setting(forged, true));
      assertThatThrownBy(() -> query(app, ALL)).as(forged).isInstanceOf(SQLException.class);
      app.rollback();
      scene.enter(app, ACME);
      assertThat(query(app, ALL)).isEqualTo(OWN);
    }
    execute(app, "SET LOCAL tenancy.entered = '" + sealed + "'");
  }

  /** Whether or not tenants are kept there: nobody may who is not the schema's owner. */
  @Test
  void theParameterCannotBeWritten() throws SQLException {
    String name = "backtrace_functions";
    String forged = "gatehouse_" + GLOBEX.toString().replace("-", "");
    execute(scene.superuser, "CREATE SCHEMA parameter AUTHORIZATION " + scene.application());
    try {
      for (String attack :
          List.of(
              "SET %s = '%s'",
              "SET LOCAL %s = '%s'",
              "SELECT set_config('%s', '%s', true)",
              "SELECT set_config('%s', '%s', false)",
              "UPDATE pg_settings SET setting = '%2$s' WHERE name = '%1$s'",
              "DO $$ BEGIN PERFORM set_config('%s', '%s', true); END $$",
              "ALTER ROLE CURRENT_USER SET %s = '%s'",
              "CREATE FUNCTION parameter.f() RETURNS int LANGUAGE sql SET %s = '%s' AS 'SELECT 1'",
              "CREATE FUNCTION parameter.f() RETURNS int LANGUAGE sql SET %1$s FROM CURRENT AS 'SELECT 1'",
              "SET %s TO DEFAULT",
              "RESET %s")) {
        assertRefused(attack.formatted(name, forged), "permission denied");
      }
      assertRefused(
          "ALTER DATABASE " + app.getCatalog() + " SET " + name + " = '" + forged + "'",
          "must be owner");
      assertRefused("GRANT SET ON PARAMETER " + name + " TO CURRENT_USER", "permission denied");
    } finally {
      app.rollback();
      execute(scene.superuser, "DROP SCHEMA parameter CASCADE");
    }
    app.setAutoCommit(true);
    assertThatThrownBy(() -> execute(app, "ALTER SYSTEM SET " + name + " = '" + forged + "'"))
        .hasMessageContaining("permission denied");
    assertThatThrownBy(() -> scene.app("-c " + name + "=" + forged))
        .hasMessageContaining("permission denied");
  }

  /** The parameter goes with the transaction, and what was sealed elsewhere says nothing. */
  @Test
  void whatIsKeptInTheParameterIsOfItsTransaction() throws SQLException {
    assumeTrue(scene.keeping == Keeping.PARAMETER, "here tenants are sealed");
    execute(app, setting(GLOBEX + "0".repeat(64), false));
    assertThat(query(app, ALL)).isEqualTo(OWN);
    app.commit();
    assertThat(query(app, "SHOW backtrace_functions")).containsExactly("");
    assertRefused(ALL, NONE);

    app.rollback();
    scene.enter(app, GLOBEX);
    assertThat(query(app, ALL)).containsExactly("globex 1", "globex 2", "globex 3");
    assertThatThrownBy(() -> scene.enter(app, ACME)).hasMessageContaining("another tenant");
  }

  /** Something that is written there to be debugged is no tenant. */
  @Test
  void whatTheServerIsConfiguredWithIsNobody() throws SQLException {
    app.rollback();
    try (Connection configured = scene.app()) {
      String role = scene.application();
      execute(scene.superuser, "ALTER ROLE " + role + " SET backtrace_functions = 'errfinish'");
      try (Connection fresh = scene.app()) {
        assertThatThrownBy(() -> query(fresh, ALL)).hasMessageContaining(NONE);
        fresh.setAutoCommit(false);
        scene.enter(fresh, ACME);
        assertThat(query(fresh, ALL)).isEqualTo(OWN);
      } finally {
        execute(scene.superuser, "ALTER ROLE " + role + " RESET backtrace_functions");
      }
      assertThatThrownBy(() -> query(configured, ALL)).hasMessageContaining(NONE);
    }
  }

  @Test
  void aSealIsOfNoOtherTransactionAndNoOtherSession() throws SQLException {
    assumeSealed();
    String sealed = query(app, "SELECT current_setting('tenancy.entered')").getFirst();
    try (Connection other = scene.inside(GLOBEX)) {
      execute(other, setting(sealed, true));
      assertThatThrownBy(() -> query(other, ALL)).hasMessageContaining(NONE);
    }
    app.commit();

    execute(app, setting(sealed, true));
    assertRefused(ALL, NONE);
  }

  /** Made with the owner's key, as nobody else can, to see what it is bound to. */
  @Test
  void aSealIsOfItsTenantItsProcessAndItsTransaction() throws SQLException {
    assumeSealed();
    String pid = "pg_backend_pid()";
    String time = "transaction_timestamp()";
    assertThat(seenWith(sealed(GLOBEX, GLOBEX, pid, time))).isEqualTo("globex");
    for (String wrong :
        List.of(
            sealed(GLOBEX, ACME, pid, time),
            sealed(GLOBEX, GLOBEX, pid + " + 1", time),
            sealed(GLOBEX, GLOBEX, pid, time + " - interval '1 microsecond'"))) {
      assertRefused(wrong + "; " + ALL, NONE);
    }
  }

  /** A statement that writes a tenant into the setting, and a seal of what is said. */
  private String sealed(UUID tenant, UUID sealedTenant, String pid, String time)
      throws SQLException {
    String key = query(scene.superuser, "SELECT encode(key, 'hex') FROM tenancy.seal").getFirst();
    return """
    SELECT set_config('tenancy.entered', '%s' || encode(sha256(
      decode('%s', 'hex') || uuid_send('%s') || int4send(%s) || timestamptz_send(%s)), 'hex'), true)
    """
        .formatted(tenant, key, sealedTenant, pid, time)
        .strip();
  }

  private String seenWith(String sealing) throws SQLException {
    execute(app, "SAVEPOINT sealed", sealing);
    String seen = query(app, "SELECT DISTINCT split_part(text, ' ', 1) FROM notes.note").getFirst();
    execute(app, "ROLLBACK TO sealed");
    return seen;
  }

  /** What is put into the session stays there after the transaction, for the next tenant. */
  @Test
  void whatIsLeftInTheSessionNeitherOpensNorBlocksAnything() throws SQLException {
    assumeSealed();
    String sealed = query(app, "SELECT current_setting('tenancy.entered')").getFirst();
    execute(app, setting(sealed, false));
    app.commit();
    assertRefused(ALL, NONE);

    app.rollback();
    scene.enter(app, GLOBEX);
    assertThat(query(app, ALL)).containsExactly("globex 1", "globex 2", "globex 3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"RESET ALL", "RESET tenancy.entered", "SET tenancy.entered TO DEFAULT"})
  void takingTheSettingAwayLeavesNobody(String command) throws SQLException {
    execute(app, command);

    if (scene.keeping == Keeping.SEAL || command.equals("RESET ALL")) {
      assertRefused(ALL, NONE);
    } else {
      assertThat(query(app, ALL)).isEqualTo(OWN);
    }
  }

  @Test
  void discardingTheSessionLeavesNobody() throws SQLException {
    app.commit();
    app.setAutoCommit(true);
    execute(app, "DISCARD ALL");

    assertThatThrownBy(() -> query(app, ALL)).hasMessageContaining(NONE);
  }

  @Test
  void aSavepointThatIsTakenBackTakesItsTenantWithIt() throws SQLException {
    app.rollback();
    execute(app, "SAVEPOINT before");
    scene.enter(app, ACME);
    assertThat(query(app, ALL)).isEqualTo(OWN);
    execute(app, "ROLLBACK TO before");

    assertRefused(ALL, NONE);
  }

  @Test
  void nobodyBecomesAnybodyElse() throws SQLException {
    String owner = query(scene.owner, "SELECT current_user").getFirst();
    assertRefused("SET ROLE " + owner, "permission denied");
    assertRefused("SET ROLE tenancy_" + owner.substring(6), "permission denied");
    assertRefused("SET SESSION AUTHORIZATION " + owner, "permission denied");
    assertRefused("GRANT " + owner + " TO " + scene.application(), "");
    assertRefused("ALTER TABLE notes.note DISABLE ROW LEVEL SECURITY", "must be owner");
    assertRefused("ALTER TABLE notes.note NO FORCE ROW LEVEL SECURITY", "must be owner");
    assertRefused("DROP POLICY tenancy_tenant ON notes.note", "must be owner");
    assertRefused("CREATE POLICY mine ON notes.note USING (true)", "must be owner");
    assertRefused(
        "CREATE TRIGGER t BEFORE INSERT ON notes.note EXECUTE FUNCTION f()", "permission");
    assertRefused("TRUNCATE notes.note", "permission denied");
    assertRefused(
        "CREATE OR REPLACE FUNCTION tenancy.current_tenant() RETURNS uuid LANGUAGE sql AS"
            + " 'SELECT NULL::uuid'",
        "permission denied");
    assertThat(query(app, ALL)).isEqualTo(OWN);
  }

  @Test
  void switchingRowSecurityOffFailsInsteadOfShowing() throws SQLException {
    execute(app, "SET LOCAL row_security = off");

    assertRefused(ALL, "query would be affected by row-level security policy");
  }

  @Test
  void theKeysAreNowhereToBeSeen() throws SQLException {
    for (String attempt :
        List.of(
            "SELECT key FROM tenancy.seal",
            "SELECT * FROM tenancy.token_key",
            "SELECT tenancy.seal_key()",
            "SELECT tenancy.seal_tenant('" + GLOBEX + "')",
            "EXPLAIN (VERBOSE) SELECT tenancy.seal_key()",
            "SELECT tenancy.put_token_key('k0000009', decode(repeat('00', 32), 'hex'), 'eu-1')",
            "SELECT tenancy.drop_token_key('k0000001')",
            "SELECT tenancy.renew_seal()",
            "SELECT tenancy.admit('" + scene.application() + "')",
            "COPY tenancy.seal TO STDOUT")) {
      assertRefused(attempt, "permission denied");
    }
    List<String> key = query(scene.superuser, "SELECT encode(key, 'hex') FROM tenancy.seal");
    assertThat(
            query(app, "SELECT prosrc FROM pg_proc WHERE pronamespace = 'tenancy'::regnamespace"))
        .noneMatch(source -> source.contains(key.getFirst()));
    assertThat(query(app, "EXPLAIN (VERBOSE, ANALYZE) " + ALL))
        .noneMatch(line -> line.contains(key.getFirst()));
    assertThat(query(app, "SELECT most_common_vals FROM pg_stats WHERE schemaname = 'tenancy'"))
        .isEmpty();
  }

  /** Even one who may make functions, operators and types, and puts them first. */
  @Test
  void theSearchPathChangesNothing() throws SQLException {
    execute(scene.superuser, "CREATE SCHEMA evil AUTHORIZATION " + scene.application());
    try {
      execute(
          app,
          // Else the schema is passed over wherever the owner of the functions looks for names.
          "GRANT ALL ON SCHEMA evil TO PUBLIC",
          "CREATE FUNCTION evil.sha256(bytea) RETURNS bytea LANGUAGE sql AS 'SELECT ''''::bytea'",
          "CREATE FUNCTION evil.substr(text, int, int) RETURNS text LANGUAGE sql AS"
              + " 'SELECT ''%s''::text'".formatted(GLOBEX),
          "CREATE FUNCTION evil.yes(bytea, bytea) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
          "CREATE OPERATOR evil.= (FUNCTION = evil.yes, LEFTARG = bytea, RIGHTARG = bytea)",
          "CREATE FUNCTION evil.same(uuid, uuid) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
          "CREATE OPERATOR evil.= (FUNCTION = evil.same, LEFTARG = uuid, RIGHTARG = uuid)",
          "CREATE DOMAIN evil.uuid AS text",
          "CREATE FUNCTION evil.current_tenant() RETURNS pg_catalog.uuid LANGUAGE sql AS"
              + " 'SELECT ''%s''::pg_catalog.uuid'".formatted(GLOBEX),
          "SET search_path = evil, tenancy, pg_catalog");
      app.commit();
      try (Connection fresh = scene.app()) {
        fresh.setAutoCommit(false);
        execute(fresh, "SET search_path = evil, tenancy, pg_catalog");
        scene.enter(fresh, ACME);
        assertThat(query(fresh, ALL)).isEqualTo(OWN);
        fresh.rollback();
        execute(fresh, setting(GLOBEX + "0".repeat(64), true));
        assertThatThrownBy(() -> query(fresh, ALL)).hasMessageContaining(NONE);
        fresh.rollback();
        assertThatThrownBy(
                () -> query(fresh, "SELECT tenancy.enter('gdt1" + "0".repeat(114) + "')"))
            .hasMessageContaining("not valid");
      }
    } finally {
      app.rollback();
      execute(scene.superuser, "DROP SCHEMA evil CASCADE");
    }
  }

  /** It is cheap, so that the planner would rather ask it first; the policy goes before. */
  @Test
  void aFunctionThatTellsIsAskedAboutOwnRowsAlone() throws SQLException {
    execute(scene.superuser, "CREATE SCHEMA loud AUTHORIZATION " + scene.application());
    try {
      execute(
          app,
          "CREATE FUNCTION loud.tell(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS"
              + " 'BEGIN RAISE NOTICE ''%'', $1; RETURN true; END'");
      List<String> told = new ArrayList<>();
      try (Statement statement = app.createStatement()) {
        statement.executeQuery("SELECT count(*) FROM notes.note WHERE loud.tell(text)").close();
        for (SQLWarning next = statement.getWarnings();
            next != null;
            next = next.getNextWarning()) {
          told.add(next.getMessage());
        }
      }
      assertThat(told).containsExactlyInAnyOrderElementsOf(OWN);
      assertThat(
              query(app, "SELECT 1 / (length(text) - 8) FROM notes.note WHERE text LIKE 'globex%'"))
          .as("a division by zero in another's row")
          .isEmpty();
    } finally {
      app.rollback();
      execute(scene.superuser, "DROP SCHEMA loud CASCADE");
    }
  }

  @Test
  void aPreparedStatementShowsWhomItsTransactionIsOf() throws SQLException {
    execute(app, "PREPARE mine AS " + ALL);
    for (int i = 0; i < 7; i++) { // The plan is a general one after five.
      assertThat(query(app, "EXECUTE mine")).isEqualTo(OWN);
    }
    app.commit();

    assertRefused("EXECUTE mine", NONE);
    app.rollback();
    scene.enter(app, GLOBEX);
    assertThat(query(app, "EXECUTE mine")).containsExactly("globex 1", "globex 2", "globex 3");
  }

  /** It holds rows of the tenant in whose transaction it was opened: no new ones. */
  @Test
  void aCursorThatIsHeldHasTheRowsOfBefore() throws SQLException {
    execute(app, "DECLARE held CURSOR WITH HOLD FOR " + ALL);
    app.commit();

    scene.enter(app, GLOBEX);
    assertThat(query(app, "FETCH ALL FROM held")).isEqualTo(OWN);
    assertThat(query(app, ALL)).containsExactly("globex 1", "globex 2", "globex 3");
    execute(app, "CLOSE held");
  }

  @Test
  void copyingSeesAndTakesOwnRowsAlone() throws SQLException, IOException {
    CopyManager copy = app.unwrap(PGConnection.class).getCopyAPI();
    StringWriter out = new StringWriter();
    copy.copyOut("COPY notes.note (text) TO STDOUT", out);
    copy.copyOut("COPY (SELECT text FROM notes.note) TO STDOUT", out);
    assertThat(out.toString()).contains("acme 1").doesNotContain("globex");

    // Not into a table with policies at all, on any release.
    assertThatThrownBy(() ->
            copy.copyIn(
                "COPY notes.note (tenant_id, id, text) FROM STDIN",
                new StringReader(GLOBEX + "\t9\tplanted\n")))
        .hasMessageContaining("COPY FROM not supported with row-level security");
  }

  @Test
  void nothingIsWrittenForOthers() throws SQLException {
    String violates = "violates row-level security policy";
    assertRefused("INSERT INTO notes.note VALUES ('%s', 9, 'x')".formatted(GLOBEX), violates);
    assertRefused("UPDATE notes.note SET tenant_id = '%s'".formatted(GLOBEX), violates);
    assertRefused(
        "INSERT INTO notes.note VALUES ('%s', 1, 'x')".formatted(GLOBEX)
            + " ON CONFLICT (tenant_id, id) DO UPDATE SET text = 'x' RETURNING text",
        violates);
    try (Statement statement = app.createStatement()) {
      assertThat(
              statement.executeUpdate(
                  "UPDATE notes.note SET text = 'x' WHERE tenant_id = '%s'".formatted(GLOBEX)))
          .isZero();
      assertThat(
              statement.executeUpdate(
                  "DELETE FROM notes.note WHERE tenant_id = '%s'".formatted(GLOBEX)))
          .isZero();
    }
  }

  @Test
  void aTemporaryTableCannotStandBeforeTheRealOne() throws SQLException {
    assertRefused("CREATE TEMPORARY TABLE note (text text)", "permission denied");
    assertRefused("CREATE TEMPORARY VIEW note AS SELECT 1", "permission denied");
    assertRefused("CREATE TABLE public.note (text text)", "permission denied");
  }

  @Test
  void statisticsOfProtectedTablesAreHidden() throws SQLException {
    execute(scene.owner, "ANALYZE notes.note");

    assertThat(query(app, "SELECT most_common_vals FROM pg_stats WHERE tablename = 'note'"))
        .isEmpty();
    assertRefused("SELECT * FROM pg_statistic", "permission denied");
  }

  /** In workers of their own, which have another process id. */
  @Test
  void parallelPlansSeeTheSame() throws SQLException {
    execute(
        app,
        "SET LOCAL parallel_setup_cost = 0",
        "SET LOCAL parallel_tuple_cost = 0",
        "SET LOCAL min_parallel_table_scan_size = 0",
        "SET LOCAL enable_indexscan = off",
        "SET LOCAL enable_bitmapscan = off",
        "SET LOCAL max_parallel_workers_per_gather = 2");

    assertThat(query(app, ALL)).isEqualTo(OWN);
    assertThat(query(app, "SELECT count(*) FROM notes.note")).containsExactly("3");
    execute(
        app,
        "SET LOCAL "
            + (scene.postgres == Postgres.V15 ? "force_parallel_mode" : "debug_parallel_query")
            + " = on");
    assertThat(query(app, "SELECT DISTINCT tenancy.current_tenant() FROM notes.note"))
        .containsExactly(ACME.toString());
  }
}
