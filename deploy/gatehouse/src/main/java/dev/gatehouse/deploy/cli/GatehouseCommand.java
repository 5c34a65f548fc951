package dev.gatehouse.deploy.cli;

import dev.gatehouse.deploy.api.ApiCommands;
import dev.gatehouse.deploy.doctor.DoctorCommand;
import dev.gatehouse.deploy.tenancy.TenancyCommand;
import org.jspecify.annotations.Nullable;
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
      CompletionCommand.class,
      DemoCommand.class,
      DoctorCommand.class,
      GatewayCommand.class,
      MasterKeyCommand.class,
      ControlPlaneCommand.class,
      ExplainCommand.class,
      SampleAppCommand.class,
      TailCommand.class,
      TenancyCommand.class
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
    System.exit(commandLine(arguments).execute(arguments));
  }

  /** A part that is run need not wait until the API's document has been read. */
  static CommandLine commandLine(String... arguments) {
    CommandLine program = new CommandLine(new GatehouseCommand());
    if (arguments.length == 0 || !isPart(program.getSubcommands().get(arguments[0]))) {
      ApiCommands.addTo(program);
    }
    return program
        .setExecutionExceptionHandler(new FaultReport())
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  private static boolean isPart(@Nullable CommandLine command) {
    return command != null && command.getSubcommands().isEmpty();
  }
}
