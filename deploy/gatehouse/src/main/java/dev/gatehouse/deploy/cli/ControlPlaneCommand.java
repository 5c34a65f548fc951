package dev.gatehouse.deploy.cli;

import dev.gatehouse.controlplane.ControlPlane;
import dev.gatehouse.controlplane.ControlPlaneConfig;
import dev.gatehouse.controlplane.access.FirstTokens;
import dev.gatehouse.deploy.config.ConfigReader;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** {@code gatehouse control-plane}: runs the control plane until it is told to stop. */
@Command(
    name = "control-plane",
    description = "Runs the control plane.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class ControlPlaneCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      required = true,
      description = "Its configuration, a YAML file.")
  private Path config = Path.of("");

  @Override
  public Integer call() throws InterruptedException {
    ControlPlaneConfig settings =
        new ConfigReader(System.getenv()).read(config, ControlPlaneConfig.class);
    ControlPlane controlPlane = ControlPlane.start(settings);
    controlPlane.firstTokens().ifPresent(ControlPlaneCommand::show);
    UntilStopped.serve(controlPlane);
    return ExitCode.OK;
  }

  /** The one place where they can be seen: only their hashes are kept. */
  private static void show(FirstTokens tokens) {
    System.out.printf(
        "First tokens, shown this once:%n  operator  %s%n  gateway   %s%n",
        tokens.operatorToken(), tokens.gatewayToken());
    System.out.flush();
  }
}
