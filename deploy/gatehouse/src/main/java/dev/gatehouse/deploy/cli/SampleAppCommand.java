package dev.gatehouse.deploy.cli;

import dev.gatehouse.sample.SampleApp;
import dev.gatehouse.sample.SampleAppConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
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

  @ArgGroup(exclusive = false)
  private @Nullable Database database;

  /** Where the notes are kept, if not in memory. */
  private static final class Database {
    @Option(
        names = "--control-plane",
        required = true,
        description = {
          "URL of the control plane, which says in which database a tenant's notes are;",
          "without it they are in memory."
        })
    private URI url = URI.create("");

    @Option(
        names = "--token-file",
        required = true,
        description = "File with a token of an operator with the role application.")
    private Path tokenFile = Path.of("");

    SampleAppConfig.ControlPlane read() throws IOException {
      return new SampleAppConfig.ControlPlane(url, Files.readString(tokenFile).strip());
    }
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    Optional<SampleAppConfig.ControlPlane> controlPlane =
        database == null ? Optional.empty() : Optional.of(database.read());
    UntilStopped.serve(
        SampleApp.start(new SampleAppConfig(host, port, jwks, service, controlPlane)));
    return ExitCode.OK;
  }
}
