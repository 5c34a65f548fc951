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
    String schemaOwner =
        query(
                scene.superuser,
                "SELECT nspowner::regrole FROM pg_namespace WHERE nspname = 'tenancy'")
            .getFirst();
    execute(
        scene.superuser,
        "ALTER ROLE " + role + " NOBYPASSRLS",
        "GRANT %s TO %s".formatted(schemaOwner, role));
    assertThatThrownBy(() -> query(scene.superuser, "SELECT tenancy.admit('%s')".formatted(role)))
        .hasMessageContaining("can become the owner of the schema tenancy");
    execute(scene.superuser, "DROP ROLE " + role);
  }

  @Test
  void findsWhoMaySetWhatSaysWhoseATransactionIs() throws SQLException {
    String grant = "SET ON PARAMETER backtrace_functions";
    execute(scene.superuser, "GRANT %s TO %s".formatted(grant, scene.application()));
    try {
      assertThat(scene.schema.findings())
          .contains(
              new Finding(
                  scene.application(),
                  "may set the parameter backtrace_functions, and with it whose a transaction is"));
    } finally {
      execute(scene.superuser, "REVOKE %s FROM %s".formatted(grant, scene.application()));
    }
  }

  @Test
  void isInstalledOnce() throws SQLException {
    assertThat(scene.schema.version()).hasValue(TenancySchema.VERSION);
    assertThat(scene.schema.install()).isFalse();
  }
}
