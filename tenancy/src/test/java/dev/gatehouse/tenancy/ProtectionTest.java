package dev.gatehouse.tenancy;

import static dev.gatehouse.tenancy.Scene.ACME;
import static dev.gatehouse.tenancy.Scene.GLOBEX;
import static dev.gatehouse.tenancy.Scene.execute;
import static dev.gatehouse.tenancy.Scene.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.tenancy.TenancySchema.Finding;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a table needs so that its rows stay with their tenants, and what leads around it. */
@Timeout(120)
@ParameterizedClass
@MethodSource("dev.gatehouse.tenancy.Scene#all")
class ProtectionTest {
  private final Scene scene;
  private final Connection owner;
  private final String schema = "s" + UUID.randomUUID().toString().replace("-", "");
  private final String table = schema + ".thing";

  ProtectionTest(Scene scene) throws SQLException {
    this.scene = scene;
    this.owner = scene.owner;
    String role = query(owner, "SELECT current_user").getFirst();
    execute(scene.superuser, "CREATE SCHEMA %s AUTHORIZATION %s".formatted(schema, role));
    execute(owner, "GRANT USAGE ON SCHEMA %s TO %s".formatted(schema, scene.application()));
  }

  @AfterEach
  void drop() throws SQLException {
    execute(scene.superuser, "DROP SCHEMA " + schema + " CASCADE");
  }

  private void make(String columns) throws SQLException {
    execute(
        owner,
        "CREATE TABLE %s (%s)".formatted(table, columns),
        "GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %s".formatted(table, scene.application()));
  }

  private void protect(String more) throws SQLException {
    execute(owner, "SELECT tenancy.protect('%s'%s)".formatted(table, more));
  }

  private void write(UUID tenant, String values) throws SQLException {
    try (Connection app = scene.inside(tenant)) {
      execute(app, "INSERT INTO %s VALUES (%s)".formatted(table, values));
      app.commit();
    }
  }

  private List<String> seenBy(UUID tenant, String query) throws SQLException {
    try (Connection app = scene.inside(tenant)) {
      return query(app, query);
    }
  }

  private List<String> findings() throws SQLException {
    return scene.schema.findings().stream()
        .filter(finding -> finding.object().startsWith(schema))
        .map(Finding::finding)
        .toList();
  }

  @Test
  void givesATableTheColumnTheDefaultAndTheIndex() throws SQLException {
    make("text text");
    protect("");
    protect("");
    write(ACME, "'a'");
    write(GLOBEX, "'b'");

    assertThat(seenBy(ACME, "SELECT text FROM " + table)).containsExactly("a");
    assertThat(seenBy(GLOBEX, "SELECT tenant_id FROM " + table)).containsExactly(GLOBEX.toString());
    assertThat(
            query(
                owner, "SELECT indexdef FROM pg_indexes WHERE schemaname = '%s'".formatted(schema)))
        .singleElement()
        .asString()
        .endsWith("USING btree (tenant_id)");
    assertThat(findings()).isEmpty();
  }

  @Test
  void wantsToKnowWhoseRowsThereAre() throws SQLException {
    make("text text");
    execute(owner, "INSERT INTO %s VALUES ('whose?')".formatted(table));

    assertThatThrownBy(() -> protect(""))
        .hasMessageContaining("has rows, and nothing says whose they are");

    execute(
        owner,
        "ALTER TABLE %s ADD COLUMN tenant_id uuid".formatted(table),
        "UPDATE %s SET tenant_id = '%s'".formatted(table, ACME));
    assertThat(findings()).containsExactly("has a column tenant_id, but is not protected");
    protect("");
    assertThat(seenBy(ACME, "SELECT text FROM " + table)).containsExactly("whose?");
    assertThat(seenBy(GLOBEX, "SELECT text FROM " + table)).isEmpty();
  }

  @Test
  void refusesWhatIsNoTableOfTheCallers() throws SQLException {
    execute(owner, "CREATE VIEW %s AS SELECT 1 AS one".formatted(table));
    assertThatThrownBy(() -> protect("")).hasMessageContaining("is not a table");
    execute(owner, "DROP VIEW " + table);
    make("tenant_id int");
    assertThatThrownBy(() -> protect("")).hasMessageContaining("must be a uuid");
    try (Connection app = scene.inside(ACME)) {
      assertThatThrownBy(() -> query(app, "SELECT tenancy.protect('notes.note')"))
          .hasMessageContaining("permission denied");
    }
  }

  /** Not even the owner is above the policy, so that its views and functions are not, either. */
  @Test
  void holdsForTheOwnerToo() throws SQLException {
    make("text text");
    protect("");
    write(ACME, "'a'");

    assertThatThrownBy(() -> query(owner, "SELECT text FROM " + table))
        .hasMessageContaining("no tenant was entered");
    execute(
        owner,
        "CREATE VIEW %s.everything AS SELECT text FROM %s".formatted(schema, table),
        "GRANT SELECT ON %s.everything TO %s".formatted(schema, scene.application()),
        ("CREATE FUNCTION %s.all_of_it() RETURNS SETOF text LANGUAGE sql SECURITY DEFINER AS"
                + " 'SELECT text FROM %s'")
            .formatted(schema, table));
    assertThat(seenBy(GLOBEX, "SELECT * FROM %s.everything".formatted(schema))).isEmpty();
    assertThat(seenBy(GLOBEX, "SELECT * FROM %s.all_of_it()".formatted(schema))).isEmpty();
    assertThat(seenBy(ACME, "SELECT * FROM %s.everything".formatted(schema))).containsExactly("a");
    assertThat(findings()).isEmpty();
  }

  @Test
  void findsOutWhenItIsTakenOffTheOwner() throws SQLException {
    make("text text");
    protect("");
    write(ACME, "'a'");
    execute(owner, "ALTER TABLE %s NO FORCE ROW LEVEL SECURITY".formatted(table));

    assertThat(query(owner, "SELECT text FROM " + table)).as("all tenants'").containsExactly("a");
    assertThat(findings())
        .containsExactly("row-level security is switched off, or not forced upon the owner");
    protect("");
    assertThat(findings()).isEmpty();
  }

  @Test
  void otherPoliciesOpenNothing() throws SQLException {
    make("text text");
    protect("");
    write(ACME, "'a'");
    execute(owner, "CREATE POLICY generous ON %s USING (true)".formatted(table));

    assertThat(seenBy(GLOBEX, "SELECT text FROM " + table)).isEmpty();
  }

  @Test
  void aViewOfSomebodyAboveAllPoliciesShowsAllAndIsFound() throws SQLException {
    make("text text");
    protect("");
    write(ACME, "'a'");
    execute(
        scene.superuser,
        "CREATE VIEW %s.leak AS SELECT text FROM %s".formatted(schema, table),
        "GRANT SELECT ON %s.leak TO %s".formatted(schema, scene.application()));

    assertThat(seenBy(GLOBEX, "SELECT * FROM %s.leak".formatted(schema)))
        .as("as the superuser sees it")
        .containsExactly("a");
    assertThat(findings()).singleElement().asString().contains("WITH (security_invoker)");

    execute(scene.superuser, "ALTER VIEW %s.leak SET (security_invoker = true)".formatted(schema));
    assertThat(seenBy(GLOBEX, "SELECT * FROM %s.leak".formatted(schema))).isEmpty();
    assertThat(findings()).isEmpty();
  }

  @Test
  void aMaterializedViewKeepsAllRowsAndIsFound() throws SQLException {
    make("text text");
    protect("");
    write(ACME, "'a'");
    execute(
        scene.superuser,
        "CREATE MATERIALIZED VIEW %s.kept AS SELECT text FROM %s".formatted(schema, table),
        "GRANT SELECT ON %s.kept TO %s".formatted(schema, scene.application()));

    assertThat(seenBy(GLOBEX, "SELECT * FROM %s.kept".formatted(schema))).containsExactly("a");
    assertThat(findings()).singleElement().asString().contains("keeps rows of");
  }

  @Test
  void aFunctionOfSomebodyAboveAllPoliciesIsFound() throws SQLException {
    make("text text");
    protect("");
    write(ACME, "'a'");
    execute(
        scene.superuser,
        ("CREATE FUNCTION %s.leak() RETURNS SETOF text LANGUAGE sql SECURITY DEFINER AS"
                + " 'SELECT text FROM %s'")
            .formatted(schema, table));

    assertThat(seenBy(GLOBEX, "SELECT * FROM %s.leak()".formatted(schema))).containsExactly("a");
    assertThat(findings()).singleElement().asString().contains("which is above all policies");
  }

  /** A violation says that somebody else has the value. */
  @Test
  void keysThatTellAreRefusedUnlessTolerated() throws SQLException {
    make("email text CONSTRAINT one_email UNIQUE, tenant_id uuid");
    assertThatThrownBy(() -> protect(""))
        .hasMessageContaining("has keys that tell of other tenants' rows: one_email");

    protect(", '{one_email}'");
    write(ACME, "'a@example.com', DEFAULT");
    assertThatThrownBy(() -> write(GLOBEX, "'a@example.com', DEFAULT"))
        .as("what is seen")
        .hasMessageContaining("duplicate key value violates unique constraint");
    assertThat(findings()).singleElement().asString().contains("the key one_email tells");

    execute(
        owner,
        "ALTER TABLE %s DROP CONSTRAINT one_email, ADD UNIQUE (tenant_id, email)".formatted(table));
    write(GLOBEX, "'a@example.com', DEFAULT");
    assertThat(findings()).isEmpty();
  }

  @Test
  void foreignKeysThatTellAreRefused() throws SQLException {
    make("id int, tenant_id uuid, PRIMARY KEY (tenant_id, id), UNIQUE (id)");
    protect(", '{thing_id_key}'");
    execute(
        owner,
        "CREATE TABLE %s.part (thing int REFERENCES %s (id), tenant_id uuid)"
            .formatted(schema, table));

    assertThatThrownBy(() -> execute(owner, "SELECT tenancy.protect('%s.part')".formatted(schema)))
        .hasMessageContaining("part_thing_fkey (FOREIGN KEY (thing)");

    execute(
        owner,
        "ALTER TABLE %s.part DROP CONSTRAINT part_thing_fkey".formatted(schema),
        ("ALTER TABLE %s.part ADD FOREIGN KEY (tenant_id, thing) REFERENCES %s"
                + " (tenant_id, id)")
            .formatted(schema, table),
        "SELECT tenancy.protect('%s.part')".formatted(schema),
        "GRANT SELECT, INSERT ON %s.part TO %s".formatted(schema, scene.application()));
    write(ACME, "7");
    try (Connection app = scene.inside(GLOBEX)) {
      assertThatThrownBy(
              () -> execute(app, "INSERT INTO %s.part (thing) VALUES (7)".formatted(schema)))
          .as("the same as for a thing that nobody has")
          .hasMessageContaining("violates foreign key constraint");
    }
  }

  @Test
  void rightsThatAskNoPolicyAreTakenBackAndFound() throws SQLException {
    make("text text");
    execute(owner, "GRANT ALL ON %s TO %s".formatted(table, scene.application()));
    protect("");
    assertThat(findings()).isEmpty();
    try (Connection app = scene.inside(ACME)) {
      assertThatThrownBy(() -> execute(app, "TRUNCATE " + table))
          .hasMessageContaining("permission denied");
    }

    execute(owner, "GRANT TRUNCATE ON %s TO %s".formatted(table, scene.application()));
    assertThat(findings())
        .singleElement()
        .asString()
        .endsWith("may truncate it, which asks no policy");
  }

  @Test
  void partitionsAreProtectedThroughTheirTableAndFoundWhereTheyAreOpen() throws SQLException {
    execute(
        owner,
        "CREATE TABLE %s (tenant_id uuid, text text) PARTITION BY HASH (tenant_id)"
            .formatted(table),
        "CREATE TABLE %s.one PARTITION OF %s FOR VALUES WITH (MODULUS 1, REMAINDER 0)"
            .formatted(schema, table),
        "GRANT SELECT, INSERT ON %s TO %s".formatted(table, scene.application()));
    protect("");
    execute(owner, "GRANT SELECT ON %s TO %s".formatted(table, scene.application()));
    try (Connection app = scene.inside(ACME)) {
      execute(app, "INSERT INTO %s (text) VALUES ('a')".formatted(table));
      app.commit();
    }
    assertThat(seenBy(GLOBEX, "SELECT text FROM " + table)).isEmpty();
    assertThat(findings()).isEmpty();

    execute(owner, "GRANT SELECT ON %s.one TO %s".formatted(schema, scene.application()));
    assertThat(seenBy(GLOBEX, "SELECT text FROM %s.one".formatted(schema))).containsExactly("a");
    assertThat(findings()).singleElement().asString().contains("is a partition that");
    execute(owner, "SELECT tenancy.protect('%s.one')".formatted(schema));
    assertThat(seenBy(GLOBEX, "SELECT text FROM %s.one".formatted(schema))).isEmpty();
    assertThat(findings()).isEmpty();
  }

  /** Numbers from a sequence, and the planner's guesses, say how much all tenants have together. */
  @Test
  void whatIsCountedOverAllTenantsIsSeen() throws SQLException {
    make("id bigint GENERATED ALWAYS AS IDENTITY, tenant_id uuid, text text");
    protect("");
    for (int i = 0; i < 5; i++) {
      write(ACME, "DEFAULT, DEFAULT, 'a'");
    }
    write(GLOBEX, "DEFAULT, DEFAULT, 'b'");

    assertThat(seenBy(GLOBEX, "SELECT id FROM " + table))
        .as("six were written")
        .containsExactly("6");
    execute(owner, "ANALYZE " + table);
    assertThat(
            seenBy(
                GLOBEX,
                "SELECT reltuples FROM pg_class WHERE oid = '%s'::regclass".formatted(table)))
        .containsExactly("6");
  }

  @Test
  void letsNobodyInWhoIsAboveThePolicies() throws SQLException {
    String role = "r" + schema.substring(1, 20);
    execute(scene.superuser, "CREATE ROLE " + role + " BYPASSRLS LOGIN");
    assertThatThrownBy(() -> query(scene.superuser, "SELECT tenancy.admit('%s')".formatted(role)))
        .hasMessageContaining("is above all policies");
    String schemaOwner = scene.schema.owner();
    execute(
        scene.superuser,
        "ALTER ROLE " + role + " NOBYPASSRLS",
        "GRANT %s TO %s".formatted(schemaOwner, role));
    assertThatThrownBy(() -> query(scene.superuser, "SELECT tenancy.admit('%s')".formatted(role)))
        .hasMessageContaining("can become the owner of the schema tenancy");
    execute(scene.superuser, "DROP ROLE " + role);
  }

  /** Row-level security without a policy shows nothing. */
  @Test
  void showsNothingWhenTheSchemaIsDropped() throws SQLException {
    make("text text");
    protect("");
    write(ACME, "'a'");
    String count = "SELECT count(*) FROM " + table;
    try {
      execute(scene.superuser, "BEGIN", "DROP SCHEMA tenancy CASCADE");
      execute(scene.superuser, "SET LOCAL ROLE " + scene.application());
      assertThat(query(scene.superuser, count)).containsExactly("0");
    } finally {
      execute(scene.superuser, "ROLLBACK");
    }
    execute(
        owner,
        "DROP POLICY tenancy_rows ON " + table,
        "CREATE POLICY tenancy_rows ON " + table + " USING (true) WITH CHECK (true)");
    assertThat(findings()).singleElement().asString().contains("protect it again");
    protect("");
    assertThat(findings()).isEmpty();
  }

  @Test
  void exclusionsThatTellAreRefused() throws SQLException {
    make("during int4range, tenant_id uuid, CONSTRAINT one EXCLUDE USING gist (during WITH &&)");

    assertThatThrownBy(() -> protect("")).hasMessageContaining("other tenants' rows: one");
  }

  @Test
  void findsWhatIsFurtherAway() throws SQLException {
    execute(
        owner,
        "CREATE TABLE %s (tenant_id uuid, id int) PARTITION BY LIST (id)".formatted(table),
        "CREATE TABLE %s.one PARTITION OF %s DEFAULT PARTITION BY LIST (id)"
            .formatted(schema, table),
        "CREATE TABLE %1$s.two PARTITION OF %1$s.one DEFAULT".formatted(schema),
        "GRANT INSERT ON %s TO %s".formatted(table, scene.application()));
    protect("");
    write(ACME, "DEFAULT, 7");
    execute(owner, "GRANT SELECT (id) ON %s.two TO %s".formatted(schema, scene.application()));
    assertThat(seenBy(GLOBEX, "SELECT id FROM %s.two".formatted(schema))).containsExactly("7");
    execute(
        scene.superuser,
        "CREATE VIEW %s.fit WITH (security_invoker) AS SELECT id FROM %s".formatted(schema, table),
        "CREATE MATERIALIZED VIEW %1$s.kept AS SELECT id FROM %1$s.fit".formatted(schema),
        "GRANT SELECT ON %s.kept TO %s".formatted(schema, scene.application()));
    assertThat(seenBy(GLOBEX, "SELECT id FROM %s.kept".formatted(schema))).containsExactly("7");

    assertThat(findings())
        .hasSize(2)
        .anyMatch(found -> found.contains("is a partition that"))
        .anyMatch(found -> found.contains("keeps rows of"));
  }

  /** Given to the application, or to a role that it may become. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GRANT SET ON PARAMETER backtrace_functions TO %s | REVOKE SET ON PARAMETER backtrace_functions FROM %s | may set the parameter backtrace_functions, and with it whose a transaction is
          GRANT ALTER SYSTEM ON PARAMETER backtrace_functions TO %s | REVOKE ALTER SYSTEM ON PARAMETER backtrace_functions FROM %s | may set the parameter
          GRANT pg_read_all_data TO %s | REVOKE pg_read_all_data FROM %s | may read tenancy.token_key
          GRANT EXECUTE ON FUNCTION tenancy.seal_key() TO %s | REVOKE EXECUTE ON FUNCTION tenancy.seal_key() FROM %s | may call tenancy.seal_key()
          ALTER ROLE %s CREATEROLE | ALTER ROLE %s NOCREATEROLE | may make roles
          ALTER ROLE %s BYPASSRLS | ALTER ROLE %s NOBYPASSRLS | is above all policies
          """)
  void findsWhatARoleMay(String grant, String revoke, String finding) throws SQLException {
    String other = "r" + schema.substring(1, 20);
    execute(
        scene.superuser,
        "CREATE ROLE " + other,
        "ALTER ROLE " + scene.application() + " NOINHERIT");
    try {
      for (String role : List.of(scene.application(), other)) {
        execute(scene.superuser, grant.formatted(role));
        if (role.equals(other)) {
          execute(scene.superuser, "GRANT %s TO %s".formatted(other, scene.application()));
        }
        try {
          assertThat(scene.schema.findings())
              .as(role)
              .anyMatch(found ->
                  found.object().equals(scene.application())
                      && found.finding().startsWith(finding)
                      && found.finding().endsWith("as " + other) == role.equals(other));
        } finally {
          execute(scene.superuser, revoke.formatted(role));
        }
      }
    } finally {
      execute(scene.superuser, "DROP ROLE " + other);
    }
    assertThat(scene.schema.findings())
        .noneMatch(found -> found.object().equals(scene.application()));
  }

  @Test
  void findsFunctionsAndSettingsThatSayWhoseATransactionIs() throws SQLException {
    String schemaOwner = scene.schema.owner();
    execute(
        scene.superuser,
        "GRANT SET ON PARAMETER backtrace_functions TO " + schemaOwner,
        ("CREATE FUNCTION %s.say(text) RETURNS text LANGUAGE sql SECURITY DEFINER AS"
                + " 'SELECT set_config(''backtrace_functions'', $1, true)'")
            .formatted(schema),
        "ALTER FUNCTION %s.say(text) OWNER TO %s".formatted(schema, schemaOwner));
    try {
      assertThat(findings()).singleElement().asString().contains("runs as " + schemaOwner);
    } finally {
      if (scene.keeping == Keeping.SEAL) {
        execute(scene.superuser, "REVOKE SET ON PARAMETER backtrace_functions FROM " + schemaOwner);
      }
    }
    String role = "ALTER ROLE " + scene.application();
    execute(scene.superuser, role + " SET backtrace_functions = 'gatehouse_x'");
    try (Connection app = scene.app()) {
      execute(app, "ALTER ROLE CURRENT_USER SET row_security = off");
      assertThat(scene.schema.findings())
          .contains(
              new Finding(scene.application(), "begins its sessions with row_security=off"),
              new Finding(
                  scene.application(), "begins its sessions with backtrace_functions=gatehouse_x"));
    } finally {
      execute(scene.superuser, role + " RESET ALL");
    }
  }

  @Test
  void letsNobodyInWhoMaySetTheParameter() throws SQLException {
    String role = "r" + schema.substring(1, 20);
    execute(
        scene.superuser,
        "CREATE ROLE " + role,
        "GRANT SET ON PARAMETER backtrace_functions TO " + role);
    assertThatThrownBy(() -> query(scene.superuser, "SELECT tenancy.admit('%s')".formatted(role)))
        .hasMessageContaining("may set the parameter backtrace_functions");
    execute(scene.superuser, "DROP OWNED BY " + role, "DROP ROLE " + role);
  }

  @Test
  void isInstalledOnce() throws SQLException {
    assertThat(scene.schema.version()).hasValue(TenancySchema.VERSION);
    assertThat(scene.schema.install()).isFalse();
  }
}
