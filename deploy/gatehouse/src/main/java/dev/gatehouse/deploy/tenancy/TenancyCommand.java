package dev.gatehouse.deploy.tenancy;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gatehouse tenancy}. */
@Command(
    name = "tenancy",
    description = "Has PostgreSQL keep the tenants of an application apart by itself.",
    mixinStandardHelpOptions = true,
    subcommands = {
      TenancyScriptCommand.class,
      TenancyInstallCommand.class,
      TenancyCheckCommand.class,
      TenancyTokenCommand.class
    })
public final class TenancyCommand implements Runnable {
  @Spec private CommandSpec spec;

  /** Made by picocli. */
  @SuppressWarnings("NullAway.Init") // picocli sets the specification
  public TenancyCommand() {}

  /** Without a subcommand there is nothing to do. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do, such as install.");
  }
}
