package dev.gatehouse.deploy.demo;

import dev.gatehouse.backends.BackendException;
import dev.gatehouse.backends.ChildProcess;
import dev.gatehouse.deploy.cli.GatehouseCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs commands of this same distribution in processes of their own. */
final class JavaProgram {
  /** Logs tell of callers: nobody but the owner reads what these processes write. */
  private static final List<String> OWN_FILES = List.of("sh", "-c", "umask 077; exec \"$@\"", "sh");

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(15);

  private final Path dataDirectory;
  private final Map<String, String> secrets;

  /**
   * @param secrets added to the environment
   */
  JavaProgram(Path dataDirectory, Map<String, String> secrets) {
    this.dataDirectory = dataDirectory;
    this.secrets = secrets;
  }

  /** Where a command writes its log. */
  Path log(String command) {
    return dataDirectory.resolve("logs").resolve(command + ".log");
  }

  /** What a gateway has loaded is most of what the others load, too. Java checks that it fits. */
  private static List<String> classArchive() {
    Path archive = Path.of(System.getProperty("app.home", ""), "gateway.jsa");
    return Files.isReadable(archive)
        ? List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:cds*=off", "-Xlog:aot*=off")
        : List.of();
  }

  /** Those of the start script, for every JVM of the demo. */
  private static List<String> givenOptions() {
    String given = System.getenv().getOrDefault("JAVA_OPTS", "").strip();
    return given.isEmpty() ? List.of() : List.of(given.split("\\s+", -1));
  }

  /**
   * Starts a command.
   *
   * @param maxHeap in the JVM's notation, such as {@code 256m}
   */
  ChildProcess start(String maxHeap, String command, String... arguments) {
    List<String> line =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + maxHeap,
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:+UseCompactObjectHeaders",
                "-XX:+UseTransparentHugePages",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dio.netty.jfr.enabled=false",
                "-Dlogback.configurationFile=dev/gatehouse/deploy/logback-file.xml",
                "-Dgatehouse.log.file=" + log(command)));
    line.addAll(classArchive());
    line.addAll(givenOptions());
    line.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            GatehouseCommand.class.getName(),
            command));
    line.addAll(List.of(arguments));
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.putAll(secrets);
    try {
      return ChildProcess.start(
          new ChildProcess.Program(
              OWN_FILES, line, environment, dataDirectory, "TERM", STOP_TIMEOUT, _ -> {}));
    } catch (IOException e) {
      throw BackendException.fromIo("The " + command, dataDirectory, e);
    }
  }
}
