package dev.gatehouse.deploy.cli;

import dev.gatehouse.sample.SampleApp;
import dev.gatehouse.sample.SampleAppConfig;
import java.net.URI;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** {@code gatehouse sample-app}: the small application that the demo puts behind the gateway. */
@Command(
    name = "sample-app",
    description = "Runs the small multi-tenant application of the demo.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class SampleAppCommand implements Callable<Integer> {
  @Option(
      names = "--host",
      defaultValue = "127.0.0.1",
      description = "Address to listen on (default ${DEFAULT-VALUE}).")
  private String host = "";

  @Option(
      names = "--port",
      defaultValue = "8081",
      description = "Port to listen on, 0 for any free one (default ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--jwks",
      required = true,
      description = "URL of the keys that the signed context is verified with.")
  private URI jwks = URI.create("");

  @Option(
      names = "--service",
      defaultValue = "sample",
      description = "Its name among the services (default ${DEFAULT-VALUE}).")
  private String service = "";

  @Override
  public Integer call() throws InterruptedException {
    UntilStopped.serve(SampleApp.start(new SampleAppConfig(host, port, jwks, service)));
    return ExitCode.OK;
  }
}
