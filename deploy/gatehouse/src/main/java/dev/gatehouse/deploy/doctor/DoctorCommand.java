package dev.gatehouse.deploy.doctor;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import dev.gatehouse.deploy.cli.Version;
import dev.gatehouse.gateway.GatewayConfig;
import dev.gatehouse.gateway.redis.RedisConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gatehouse doctor}: looks at everything that can be looked at, and says what to do. */
@Command(
    name = "doctor",
    description = {
      "Looks at configuration, database, Redis, control plane, gateways, clocks and certificates,"
          + " and says what to do about what it finds. It changes nothing.",
      "Without options it looks at the demo of this directory."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all is well",
      "1:something has failed",
      "2:wrong usage",
      "3:there are warnings, and nothing has failed"
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
public final class DoctorCommand implements Callable<Integer> {
  private static final int WARNINGS = 3;
  private static final List<String> TALKATIVE = List.of("org.flywaydb", "io.vertx", "io.netty");

  private final Map<String, String> environment;
  private final InstantSource clock;

  @Spec private CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "A gateway's or a control plane's configuration; may be given more than once. What it"
              + " names is looked at, too.")
  private List<Path> configs = new ArrayList<>();

  @Option(
      names = "--url",
      paramLabel = "URL",
      description =
          "The control plane (default: GATEHOUSE_URL, else what the configuration names).")
  private Optional<URI> url = Optional.empty();

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "Holds an operator's token (default: GATEHOUSE_TOKEN).")
  private Optional<Path> tokenFile = Optional.empty();

  @Option(
      names = "--admin",
      paramLabel = "URL",
      description =
          "Admin port of a gateway; may be given more than once (default: what the configuration"
              + " names).")
  private List<URI> admins = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text for a person or json for a program (default ${DEFAULT-VALUE}).")
  private Output output = Output.TEXT;

  /** Made by picocli. */
  public DoctorCommand() {
    this(System.getenv(), InstantSource.system());
  }

  @SuppressWarnings("NullAway.Init") // picocli sets the specification
  DoctorCommand(Map<String, String> environment, InstantSource clock) {
    this.environment = Map.copyOf(environment);
    this.clock = clock;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    url.ifPresent(given -> requireHttp("--url", given));
    admins.forEach(given -> requireHttp("--admin", given));
    hush();
    Subjects subjects =
        Subjects.find(new Subjects.Named(configs, url, tokenFile, admins), environment);
    Report report = examine(subjects);
    PrintWriter out = spec.commandLine().getOut();
    switch (output) {
      case TEXT -> report.print(out, spec.commandLine().getColorScheme().ansi());
      case JSON -> out.println(report.json());
    }
    out.flush();
    if (report.count(Grade.FAILED) > 0) {
      return ExitCode.SOFTWARE;
    }
    return report.count(Grade.WARNING) > 0 ? WARNINGS : ExitCode.OK;
  }

  private Report examine(Subjects subjects) throws InterruptedException {
    List<Group> groups = new ArrayList<>(List.of(Machine.group()));
    ConfigChecks configuration = new ConfigChecks(subjects.controlPlane(), clock);
    subjects.files().forEach(file -> groups.add(configuration.group(file)));
    for (ConfigFile file : subjects.files()) {
      if (file instanceof ConfigFile.OfControlPlane controlPlane) {
        groups.add(new DatabaseChecks(controlPlane.config(), clock).group());
      }
    }
    Set<RedisConfig> redis =
        new LinkedHashSet<>(subjects.files().stream().flatMap(this::redis).toList());
    redis.forEach(where -> groups.add(new RedisChecks(where, clock).group()));
    List<AutoCloseable> open = new ArrayList<>();
    try {
      if (subjects.controlPlane().isPresent()) {
        ControlPlaneChecks checks =
            new ControlPlaneChecks(
                new Probe(subjects.controlPlane().get(), subjects.token(), subjects.trust()),
                subjects.noToken(),
                clock);
        open.add(checks);
        groups.add(checks.group());
      }
      for (URI admin : subjects.admins()) {
        GatewayChecks checks = new GatewayChecks(admin, clock);
        open.add(checks);
        groups.add(checks.group());
      }
      if (groups.size() == 1) {
        groups.add(Group.of("Gatehouse", List.of(nothingNamed())));
      }
      return new Report(new Examination(Examination.PATIENCE).of(groups));
    } finally {
      open.forEach(DoctorCommand::close);
    }
  }

  private static Check nothingNamed() {
    return Check.of(
        "parts",
        () ->
            Finding.warning(
                "Nobody has said where they are, and no demo runs in this directory.",
                "Give --config FILE for gateway.yaml and control-plane.yaml, or --url and --admin."));
  }

  private Stream<RedisConfig> redis(ConfigFile file) {
    return file instanceof ConfigFile.OfGateway(_, GatewayConfig config)
        ? config.redis().stream()
        : Stream.empty();
  }

  private static void close(AutoCloseable one) {
    try {
      one.close();
    } catch (Exception e) {
      throw new IllegalStateException("closing what asks over HTTP does not fail", e);
    }
  }

  /** What fails is told in the report; a log would stand between its lines. */
  private static void hush() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      TALKATIVE.forEach(name -> context.getLogger(name).setLevel(Level.OFF));
    }
  }

  private void requireHttp(String option, URI given) {
    if (given.getHost() == null
        || !("http".equals(given.getScheme()) || "https".equals(given.getScheme()))) {
      throw new ParameterException(
          spec.commandLine(),
          option + " must be an http URL, such as http://127.0.0.1:9901, found \"" + given + "\"");
    }
  }

  /** How to print. */
  private enum Output {
    TEXT,
    JSON
  }
}
