package dev.gatehouse.tenancy;

import static dev.gatehouse.tenancy.Scene.ACME;
import static dev.gatehouse.tenancy.Scene.GLOBEX;
import static dev.gatehouse.tenancy.Scene.execute;
import static dev.gatehouse.tenancy.Scene.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.contract.database.DatabaseTokenKey;
import dev.gatehouse.tenancy.TenancySchema.Finding;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A database that has an older version of the schema, with tables, rows and open sessions. */
@Timeout(120)
@ParameterizedClass
@EnumSource(
    value = Postgres.class,
    names = {"V15", "V18"})
class UpgradeTest {
  private static final int AT_ONCE = 8;

  private final URI server;
  private final String suffix = UUID.randomUUID().toString().substring(0, 8);
  private final DatabaseTokenKey key =
      new DatabaseTokenKey("k0000001", Scene.secret(1), Scene.AUDIENCE);

  UpgradeTest(Postgres postgres) {
    this.server = URI.create(postgres.url());
  }

  private Connection superuser(String database) throws SQLException {
    String[] login = server.getUserInfo().split(":", 2);
    return DriverManager.getConnection(url(database), login[0], login[1]);
  }

  private String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + database;
  }

  private static List<String> notesOf(Connection app, String enter) throws SQLException {
    query(app, enter);
    List<String> seen = query(app, "SELECT text FROM public.note");
    app.commit();
    return seen;
  }

  private String enter(UUID tenant) {
    return "SELECT tenancy.enter('" + key.mint(tenant, Instant.now().plusSeconds(60)) + "')";
  }

  @Test
  void keepsTablesKeysAndSessions() throws SQLException {
    String database = "old_" + suffix;
    String owner = "tenancy_" + suffix;
    String application = "app_" + suffix;
    try (Connection first = superuser("postgres")) {
      execute(
          first,
          "CREATE ROLE " + owner,
          "CREATE ROLE " + application + " LOGIN PASSWORD 'app'",
          "CREATE DATABASE " + database + " OWNER " + owner);
    }
    try (Connection tenancy = superuser(database);
        Connection table = superuser(database)) {
      execute(tenancy, "SET ROLE " + owner, TenancySchema.script(1));
      TenancySchema schema = new TenancySchema(tenancy);
      schema.putTokenKey(key.id(), Scene.secret(1), Scene.AUDIENCE);
      schema.admit(application);
      execute(
          table,
          "CREATE TABLE public.note (tenant_id uuid, text text)",
          "INSERT INTO public.note VALUES ('%s', 'acme'), ('%s', 'globex')".formatted(ACME, GLOBEX),
          "SELECT tenancy.protect('public.note')",
          "GRANT SELECT ON public.note TO " + application);
      try (Connection app = DriverManager.getConnection(url(database), application, "app")) {
        app.setAutoCommit(false);
        assertThat(notesOf(app, enter(ACME))).containsExactly("acme");
        query(app, enter(GLOBEX));

        assertThat(schema.install()).isTrue();
        assertThat(schema.keepsInParameter()).isFalse();
        assertThat(query(app, "SELECT text FROM public.note"))
            .as("entered before, and in the same transaction")
            .containsExactly("globex");
        app.commit();
        assertThat(notesOf(app, enter(ACME))).containsExactly("acme");

        Scene.grantParameter(table, owner);
        assertThat(schema.keepsInParameter()).isTrue();
        assertThat(notesOf(app, enter(GLOBEX))).as("an open session").containsExactly("globex");
      }
      try (Connection app = DriverManager.getConnection(url(database), application, "app")) {
        app.setAutoCommit(false);
        assertThat(notesOf(app, enter(GLOBEX))).containsExactly("globex");
        query(app, enter(ACME));
        assertThat(query(app, "SHOW backtrace_functions"))
            .containsExactly("gatehouse_" + ACME.toString().replace("-", ""));
        execute(table, "REVOKE SET ON PARAMETER backtrace_functions FROM " + owner);
        assertThat(query(app, "SELECT text FROM public.note")).containsExactly("acme");
      }
      Finding outdated =
          new Finding(
              "note", "would show all rows if the schema tenancy were dropped: protect it again");
      assertThat(schema.findings()).containsExactly(outdated);
      execute(table, "SELECT tenancy.protect('public.note')");
      assertThat(schema.findings()).isEmpty();
    }
  }

  /** Such a database keeps the small schema: there is nobody to keep apart in it. */
  @Test
  void leavesADatabaseOfOneTenantAlone() throws SQLException {
    String database = "one_" + suffix;
    try (Connection first = superuser("postgres")) {
      execute(first, "CREATE DATABASE " + database);
    }
    try (Connection own = superuser(database)) {
      own.setAutoCommit(false);
      TenancySchema schema = new TenancySchema(own);
      schema.installFor(ACME);
      own.commit();
      assertThatThrownBy(schema::install).hasMessageContaining("is one tenant's alone");
      own.rollback();
      assertThat(query(own, "SELECT tenancy.current_tenant()")).containsExactly(ACME.toString());
    }
  }

  /** What is granted is one row for the whole server. */
  @Test
  void manyMayBeGrantedTheParameterAtOnce() throws Exception {
    List<String> owners =
        IntStream.range(0, AT_ONCE).mapToObj(i -> "many_%s_%d".formatted(suffix, i)).toList();
    try (Connection first = superuser("postgres");
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (String owner : owners) {
        execute(first, "CREATE ROLE " + owner);
      }
      List<Future<Boolean>> granted = new ArrayList<>();
      for (String owner : owners) {
        granted.add(
            threads.submit(() -> {
              try (Connection each = superuser("postgres")) {
                Scene.grantParameter(each, owner);
                return true;
              }
            }));
      }
      for (Future<Boolean> each : granted) {
        assertThat(each.get(60, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(
              query(
                  first,
                  "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'many_%s_%%'".formatted(suffix)
                      + " AND has_parameter_privilege(oid, 'backtrace_functions', 'SET')"))
          .containsExactly(String.valueOf(AT_ONCE));
    }
  }
}
