package dev.gatehouse.deploy.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gatehouse audit}: what concerns the audit trail, beside the API's own operations. */
@Command(
    name = "audit",
    description = "Reads, exports and verifies the audit trail.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = AuditVerifyCommand.class)
final class AuditCommand implements Runnable {
  @Spec private CommandSpec spec;

  /** Made by picocli. */
  @SuppressWarnings("NullAway.Init") // picocli sets the specification
  AuditCommand() {}

  /** Without a subcommand there is nothing to do. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do, such as verify.");
  }
}
