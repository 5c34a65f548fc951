package dev.gatehouse.deploy.tenancy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.backends.TestBackends;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The schema of a database from the command line. */
@Timeout(60)
class TenancyCommandsTest {
  private final StringWriter out = new StringWriter();
  private final String url = TestBackends.freshDatabaseUrl();
  private final String role = "app_" + UUID.randomUUID().toString().substring(0, 8);
  @TempDir Path folder;

  @BeforeEach
  void writeUrl() throws Exception {
    Files.writeString(folder.resolve("url"), url + "\n");
    sql("CREATE ROLE %s LOGIN".formatted(role));
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    PrintWriter writer = new PrintWriter(out, true);
    return new CommandLine(new TenancyCommand()).setOut(writer).setErr(writer).execute(arguments);
  }

  private String urlFile() {
    return "--url-file=" + folder.resolve("url");
  }

  private String sql(String sql) throws Exception {
    URI server = URI.create(url);
    String[] login = server.getUserInfo().split(":", 2);
    String jdbc =
        "jdbc:postgresql://%s:%d%s".formatted(server.getHost(), server.getPort(), server.getPath());
    try (Connection connection = DriverManager.getConnection(jdbc, login[0], login[1]);
        Statement statement = connection.createStatement()) {
      if (!statement.execute(sql)) {
        return "";
      }
      try (ResultSet rows = statement.getResultSet()) {
        return rows.next() ? String.valueOf(rows.getString(1)) : "";
      }
    }
  }

  @Test
  void installsOnceAndLetsTheApplicationIn() throws Exception {
    assertThat(run("check", urlFile())).isEqualTo(1);
    assertThat(out.toString()).contains("is not installed here: gatehouse tenancy install");

    assertThat(run("install", urlFile(), "--application", role)).as(out.toString()).isZero();
    assertThat(out.toString()).contains("Installed version 2.");
    assertThat(run("install", urlFile(), "--application", role)).isZero();
    assertThat(out.toString()).contains("Nothing to install");
    assertThat(run("check", urlFile())).as(out.toString()).isZero();
    assertThat(out.toString()).contains("Nothing found.");
  }

  /** As the documentation has it: the schema is a role's that nobody logs in as. */
  @Test
  void letsTheOwnerKeepTenantsWhereTheyCostLeast() throws Exception {
    String owner = "tenancy_" + role;
    sql("CREATE ROLE " + owner);
    sql("ALTER DATABASE %s OWNER TO %s".formatted(URI.create(url).getPath().substring(1), owner));

    assertThat(run("install", urlFile(), "--role", owner)).as(out.toString()).isZero();

    assertThat(out.toString()).contains("Installed version 2.").doesNotContain("sealed");
    assertThat(
            sql(
                "SELECT has_parameter_privilege('%s', 'backtrace_functions', 'SET')"
                    .formatted(owner)))
        .isEqualTo("t");
  }

  @Test
  void saysWhatASuperuserCouldDoForLess() throws Exception {
    URI server = URI.create(url);
    String database = server.getPath().substring(1);
    sql("ALTER ROLE %s PASSWORD 'app'".formatted(role));
    sql("ALTER DATABASE %s OWNER TO %s".formatted(database, role));
    Files.writeString(
        folder.resolve("url"),
        "postgresql://%s:app@%s:%d/%s"
            .formatted(role, server.getHost(), server.getPort(), database));

    assertThat(run("install", urlFile())).as(out.toString()).isZero();

    assertThat(out.toString())
        .contains("Tenants are sealed")
        .contains("GRANT SET ON PARAMETER backtrace_functions TO " + role);
  }

  @Test
  void findsWhatWouldLetARowEscape() throws Exception {
    run("install", urlFile(), "--application", role);
    sql("CREATE TABLE note (tenant_id uuid, text text)");

    assertThat(run("check", urlFile())).isEqualTo(1);
    assertThat(out.toString()).contains("note: has a column tenant_id, but is not protected");
  }

  @Test
  void mintsTokensThatTheDatabaseTakes() throws Exception {
    run("install", urlFile());
    sql("SELECT tenancy.put_token_key('k0000001', decode(repeat('07', 32), 'hex'), 'here')");
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) 7);
    Files.writeString(folder.resolve("key"), Base64.getEncoder().encodeToString(key));
    UUID tenant = UUID.randomUUID();

    int code =
        run(
            "token",
            "--key-file=" + folder.resolve("key"),
            "--key-id=k0000001",
            "--audience=here",
            "--tenant=" + tenant);

    assertThat(code).as(out.toString()).isZero();
    assertThat(sql("SELECT tenancy.enter('%s')".formatted(out.toString().strip())))
        .isEqualTo(tenant.toString());
  }

  @Test
  void saysWhatIsWrongWithoutAPassword() throws Exception {
    Files.writeString(folder.resolve("url"), "mysql://me:hush@h/d");

    assertThat(run("check", urlFile())).isEqualTo(2);
    assertThat(out.toString()).contains("Say in a file").doesNotContain("hush");
  }

  @Test
  void printsWhatItWouldRun() {
    assertThat(run("script")).isZero();
    assertThat(out.toString()).contains("CREATE SCHEMA tenancy;");
  }
}
