package dev.gatehouse.deploy.cli;

import dev.gatehouse.deploy.demo.Demo;
import dev.gatehouse.deploy.demo.DemoPorts;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gatehouse demo}: the whole system on this machine, with three tenants. */
@Command(
    name = "demo",
    description = {
      "Runs the whole system on this machine, with three tenants.",
      "PostgreSQL, Redis, the control plane, a gateway and a small application; Ctrl-C ends it."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class DemoCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      defaultValue = ".gatehouse",
      description = "Where everything is kept (default ${DEFAULT-VALUE}).")
  private Path dataDirectory = Path.of("");

  @Option(
      names = "--ports",
      paramLabel = "PORTS",
      defaultValue = "",
      description = {
        "A base port (gateway = base, then admin, control-plane, sample, postgres, redis),",
        "or single ones: gateway=8080,admin=9901,control-plane=9000,sample=0,postgres=0,redis=0,",
        "which are the defaults. 0 is any free port; --ports 0 makes all of them so."
      })
  private String ports = "";

  @SuppressWarnings("NullAway.Init") // picocli sets the specification
  DemoCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    Demo demo = new Demo(dataDirectory.toAbsolutePath().normalize(), ports(), System.out);
    Thread stop = Thread.ofPlatform().unstarted(demo::close);
    Runtime.getRuntime().addShutdownHook(stop);
    demo.run();
    return ExitCode.OK;
  }

  private DemoPorts ports() {
    try {
      return DemoPorts.parse(ports);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--ports: " + e.getMessage());
    }
  }
}
