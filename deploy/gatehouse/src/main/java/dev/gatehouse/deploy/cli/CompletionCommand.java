package dev.gatehouse.deploy.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code gatehouse completion}: what a shell needs to complete commands and options. */
@Command(
    name = "completion",
    description = "Prints the completion script for bash and zsh: source <(gatehouse completion)",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class CompletionCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the specification
  CompletionCommand() {}

  @Override
  public Integer call() {
    String script = AutoComplete.bash("gatehouse", GatehouseCommand.commandLine());
    spec.commandLine().getOut().print(script);
    spec.commandLine().getOut().flush();
    return ExitCode.OK;
  }
}
