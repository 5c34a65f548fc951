package dev.gatehouse.deploy.cli;

import dev.gatehouse.deploy.config.ConfigReader;
import dev.gatehouse.gateway.Gateway;
import dev.gatehouse.gateway.GatewayConfig;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** {@code gatehouse gateway}: runs the gateway until it is told to stop. */
@Command(
    name = "gateway",
    description = "Runs the gateway.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class GatewayCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      required = true,
      description = "Its configuration, a YAML file.")
  private Path config = Path.of("");

  @Override
  public Integer call() throws InterruptedException {
    GatewayConfig settings = new ConfigReader(System.getenv()).read(config, GatewayConfig.class);
    Gateway gateway = Gateway.start(settings);
    UntilStopped.serve(gateway::drain);
    return ExitCode.OK;
  }
}
