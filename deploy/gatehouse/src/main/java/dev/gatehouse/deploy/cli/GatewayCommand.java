package dev.gatehouse.deploy.cli;

import dev.gatehouse.deploy.config.ConfigReader;
import dev.gatehouse.gateway.Gateway;
import dev.gatehouse.gateway.GatewayConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.ArgGroup;
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
  @ArgGroup(multiplicity = "1")
  private Choice choice = new Choice();

  private static final class Choice {
    @Option(
        names = "--config",
        paramLabel = "FILE",
        description = "Its configuration, a YAML file.")
    private Path config = Path.of("");

    @Option(
        names = "--rehearse",
        description =
            "Starts one with an invented tenant, asks it once and ends it: to be done once after an"
                + " installation, for the archive of classes that gateways start from.")
    private boolean rehearse;
  }

  @Override
  public Integer call() throws IOException, InterruptedException, TimeoutException {
    if (choice.rehearse) {
      Rehearsal.run();
      return ExitCode.OK;
    }
    Path config = choice.config;
    GatewayConfig settings = new ConfigReader(System.getenv()).read(config, GatewayConfig.class);
    Gateway gateway = Gateway.start(settings);
    UntilStopped.serve(gateway::drain);
    return ExitCode.OK;
  }
}
