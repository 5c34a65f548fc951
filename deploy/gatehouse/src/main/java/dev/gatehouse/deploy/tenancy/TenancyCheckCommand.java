package dev.gatehouse.deploy.tenancy;

import dev.gatehouse.tenancy.TenancySchema;
import dev.gatehouse.tenancy.TenancySchema.Finding;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code gatehouse tenancy check}. */
@Command(
    name = "check",
    description = {
      "Lists what would let a row of one tenant be seen, changed or guessed by another: for a pipeline.",
      "Exit code 0: nothing. 1: something, or the schema is not installed."
    },
    mixinStandardHelpOptions = true)
final class TenancyCheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private DatabaseOptions database = new DatabaseOptions();

  /** Made by picocli. */
  @SuppressWarnings("NullAway.Init") // picocli sets the specification
  TenancyCheckCommand() {}

  @Override
  public Integer call() throws SQLException, IOException {
    PrintWriter out = spec.commandLine().getOut();
    try (Connection connection = database.open()) {
      TenancySchema schema = new TenancySchema(connection);
      if (schema.version().isEmpty()) {
        spec.commandLine()
            .getErr()
            .println("The schema tenancy is not installed here: gatehouse tenancy install");
        return ExitCode.SOFTWARE;
      }
      List<Finding> findings = schema.findings();
      findings.forEach(found -> out.println(found.object() + ": " + found.finding()));
      if (findings.isEmpty()) {
        out.println("Nothing found.");
      }
      return findings.isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }
  }
}
