package dev.gatehouse.deploy.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program {@code gatehouse}. */
@Command(
    name = "gatehouse",
    description = "A multi-tenancy gateway and its control plane.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      AuditCommand.class,
      DemoCommand.class,
      GatewayCommand.class,
      ControlPlaneCommand.class,
      ExplainCommand.class,
      SampleAppCommand.class
    })
public final class GatehouseCommand implements Runnable {
  @Spec private CommandSpec spec;

  /** Made by picocli. */
  @SuppressWarnings("NullAway.Init") // picocli sets the specification
  public GatehouseCommand() {}

  /** Without a subcommand there is nothing to do. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say which part to run.");
  }

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    LogFormat.choose(arguments);
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new GatehouseCommand())
        .setExecutionExceptionHandler(new FaultReport())
        .setCaseInsensitiveEnumValuesAllowed(true);
  }
}
