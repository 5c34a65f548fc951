package dev.gatehouse.deploy.tenancy;

import dev.gatehouse.tenancy.TenancySchema;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code gatehouse tenancy script}. */
@Command(
    name = "script",
    description = {
      "Prints the SQL of the schema, for whoever would rather read it and run it by hand:",
      "gatehouse tenancy script | psql -1 -v ON_ERROR_STOP=1 DATABASE"
    },
    mixinStandardHelpOptions = true)
final class TenancyScriptCommand implements Runnable {
  @Spec private CommandSpec spec;

  /** Made by picocli. */
  @SuppressWarnings("NullAway.Init") // picocli sets the specification
  TenancyScriptCommand() {}

  @Override
  public void run() {
    for (int version = 1; version <= TenancySchema.VERSION; version++) {
      spec.commandLine().getOut().print(TenancySchema.script(version));
    }
    spec.commandLine().getOut().flush();
  }
}
