package dev.gatehouse.deploy.tenancy;

import dev.gatehouse.tenancy.TenancySchema;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gatehouse tenancy install}. */
@Command(
    name = "install",
    description = {
      "Installs the schema tenancy in a database, or brings it to the newest version, and lets roles in.",
      "All of it or nothing; again changes nothing."
    },
    mixinStandardHelpOptions = true)
final class TenancyInstallCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private DatabaseOptions database = new DatabaseOptions();

  @Option(
      names = "--application",
      paramLabel = "ROLE",
      description =
          "May enter tenants: the role that the application logs in with. May be repeated.")
  private List<String> applications = List.of();

  @Option(
      names = "--owner",
      paramLabel = "ROLE",
      description = "May protect its tables: the role that they belong to. May be repeated.")
  private List<String> owners = List.of();

  /** Made by picocli. */
  @SuppressWarnings("NullAway.Init") // picocli sets the specification
  TenancyInstallCommand() {}

  @Override
  public Integer call() throws SQLException, IOException {
    PrintWriter out = spec.commandLine().getOut();
    try (Connection connection = database.openAsLogin()) {
      TenancySchema schema = new TenancySchema(connection);
      if (database.owner().isPresent()) {
        schema.grantParameter(database.owner().get());
      }
      database.becomeOwner(connection);
      boolean changed = schema.install();
      for (String role : applications) {
        schema.admit(role);
      }
      for (String role : owners) {
        schema.admitOwner(role);
      }
      connection.commit();
      out.println(
          (changed ? "Installed version " : "Nothing to install: it has version ")
              + TenancySchema.VERSION
              + ".");
      if (!schema.keepsInParameter()) {
        out.println(
            "Tenants are sealed here. A superuser can have each query cost less: "
                + "GRANT SET ON PARAMETER backtrace_functions TO "
                + schema.owner());
      }
    }
    return 0;
  }
}
