package dev.gatehouse.controlplane.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.backends.TestBackends;
import dev.gatehouse.controlplane.ControlPlane;
import dev.gatehouse.controlplane.OneControlPlane;
import dev.gatehouse.controlplane.database.DatabaseUrl;
import dev.gatehouse.controlplane.secret.MasterKey;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the role that serves requests can do to the trail with any statement. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PrivilegesTest {
  private final String url = TestBackends.freshDatabaseUrl();
  private final AuditDatabase database = new AuditDatabase(url);
  private final String role = DatabaseUrl.parse(url).database() + "_app";
  private final String password =
      MasterKey.parse(OneControlPlane.MASTER_KEY).derivePassword("gatehouse database role v1");
  private ControlPlane controlPlane;

  @SuppressWarnings("NullAway.Init") // set before all tests
  PrivilegesTest() {}

  @BeforeAll
  void start() {
    controlPlane = OneControlPlane.start(url);
  }

  @AfterAll
  void stop() {
    controlPlane.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE audit.entry SET action = 'nothing'",
        "UPDATE audit.chain SET length = 0",
        "UPDATE audit.checkpoint SET hash = ''",
        "UPDATE audit.checkpoint_head SET length = 0",
        "UPDATE audit.signing_key SET public_key = ''",
        "DELETE FROM audit.entry",
        "DELETE FROM audit.chain",
        "DELETE FROM audit.checkpoint_head",
        "DELETE FROM audit.signing_key",
        "TRUNCATE audit.entry",
        "TRUNCATE audit.checkpoint CASCADE",
        "INSERT INTO audit.entry SELECT * FROM audit.entry",
        "INSERT INTO audit.chain SELECT * FROM audit.chain",
        "MERGE INTO audit.entry e USING audit.chain c ON e.chain = c.id WHEN MATCHED THEN DELETE",
        "SELECT * FROM audit.entry FOR UPDATE",
        "ALTER TABLE audit.entry DISABLE TRIGGER append_only",
        "ALTER TABLE audit.entry DISABLE TRIGGER ALL",
        "ALTER TABLE audit.entry ADD COLUMN more text",
        "ALTER TABLE audit.entry OWNER TO CURRENT_USER",
        "DROP TRIGGER append_only ON audit.entry",
        "DROP TABLE audit.entry",
        "DROP SCHEMA audit CASCADE",
        "CREATE OR REPLACE FUNCTION audit.refuse() RETURNS trigger LANGUAGE sql AS ''",
        "CREATE TRIGGER mine BEFORE INSERT ON audit.entry EXECUTE FUNCTION audit.refuse()",
        "CREATE RULE mine AS ON INSERT TO audit.entry DO INSTEAD NOTHING",
        "CREATE TABLE audit.mine (a int)",
        "CREATE TABLE public.mine (a int)",
        "ALTER FUNCTION audit.append SECURITY INVOKER",
        "SET session_replication_role = replica",
        "SET ROLE gatehouse",
        "SET SESSION AUTHORIZATION gatehouse",
        "DELETE FROM flyway_schema_history",
        "COPY audit.entry FROM PROGRAM 'true'",
      })
  void cannotChangeTheTrail(String statement) {
    assertThatThrownBy(() -> database.as(role, password, statement))
        .isInstanceOf(SQLException.class)
        .extracting(e -> ((SQLException) e).getSQLState())
        .as(statement)
        .isIn("42501", "42704"); // insufficient privilege; a role that is not there
  }

  /** PostgreSQL answers such a grant with a warning. */
  @Test
  void cannotGiveItselfMore() throws SQLException {
    database.as(role, password, "GRANT ALL ON audit.entry TO PUBLIC");
    database.asOwner(
        "DO $$ BEGIN ASSERT NOT has_table_privilege('%s', 'audit.entry', 'INSERT, UPDATE, DELETE, TRUNCATE'); END $$"
            .formatted(role));
  }

  @Test
  void canReadAndAddToIt() throws SQLException {
    database.as(
        role,
        password,
        "SELECT * FROM audit.entry",
        "SELECT audit.append('00000000-0000-0000-0000-000000000001', 'a', 'b', 'c', '{}')");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE audit.entry SET action = 'nothing'",
        "DELETE FROM audit.entry",
        "TRUNCATE audit.entry",
        "UPDATE audit.chain SET hash = ''",
        "DELETE FROM audit.chain",
        "SET session_replication_role = replica; DELETE FROM audit.entry",
        "DELETE FROM audit.checkpoint_head",
        "TRUNCATE audit.signing_key",
      })
  void evenTheOwnerMustDisableTheTriggersFirst(String statement) {
    assertThatThrownBy(() -> database.asOwner(statement)).hasMessageContaining("audit trail");
  }

  @Test
  void servesRequestsByThatRole() throws SQLException {
    assertThat(OneControlPlane.operator(controlPlane).get("/v1/tenants").status()).isEqualTo(200);
    database.asOwner(
        "DO $$ BEGIN ASSERT (SELECT count(*) FROM pg_stat_activity WHERE usename = '%s') > 0; END $$"
            .formatted(role));
  }
}
