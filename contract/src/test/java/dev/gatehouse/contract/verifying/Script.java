package dev.gatehouse.contract.verifying;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The verifiers of one language, and what runs them. */
enum Script {
  NODE("node", "mjs", "nodejs", "-e", "0"),
  PYTHON("python3", "py", "python3-jwt and python3-cryptography", "-c", "import cryptography, jwt");

  /** Of this module, whose folder is the working directory of its tests. */
  private static final Path FOLDER =
      Path.of("..", "docs", "verifying").toAbsolutePath().normalize();

  private static final int TIMEOUT_SECONDS = 60;
  private static final ConcurrentMap<Script, Optional<String>> FOUND = new ConcurrentHashMap<>();

  private final String executable;
  private final String extension;
  private final String debianPackages;
  private final String option;
  private final String probe;

  Script(String executable, String extension, String debianPackages, String option, String probe) {
    this.executable = executable;
    this.extension = extension;
    this.debianPackages = debianPackages;
    this.option = option;
    this.probe = probe;
  }

  /** What a program wrote, and how it ended. */
  record Outcome(int exitCode, String output, String errors) {}

  static Path folder() {
    return FOLDER;
  }

  /** Runs one of the scripts as a command. */
  Outcome command(String name, String input, String... arguments) throws Exception {
    return run(FOLDER.resolve(name + "." + extension), input, arguments);
  }

  /** Runs the test's own driver of the scripts. */
  Outcome drive(String input) throws Exception {
    return run(driver(), input);
  }

  private Path driver() throws URISyntaxException {
    URL resource = Script.class.getResource("/verifying/driver." + extension);
    return Path.of(Objects.requireNonNull(resource, "driver").toURI());
  }

  private Outcome run(Path script, String input, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(program(), script.toString()));
    command.addAll(List.of(arguments));
    return run(command, input);
  }

  private static Outcome run(List<String> command, String input) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(n -> n.toLowerCase(Locale.ROOT).endsWith("_proxy"));
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    Path errors = Files.createTempFile("verifying", ".err");
    try {
      Process process = builder.redirectError(errors.toFile()).start();
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(UTF_8));
      }
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        fail(command + " did not end");
      }
      return new Outcome(process.exitValue(), output, Files.readString(errors));
    } finally {
      Files.delete(errors);
    }
  }

  private String program() {
    return FOUND.computeIfAbsent(this, Script::find).orElseGet(this::absent);
  }

  /** The first one that has what the scripts import: the one of Debian may stand behind another. */
  private static Optional<String> find(Script script) {
    return Stream.of((System.getenv("PATH") + ":/usr/bin").split(":", -1))
        .map(folder -> Path.of(folder, script.executable))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .filter(script::works)
        .findFirst();
  }

  private boolean works(String program) {
    try {
      return run(List.of(program, option, probe), "").exitCode() == 0;
    } catch (IOException _) {
      return false;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private String absent() {
    String message =
        executable + " is not usable (Debian: " + debianPackages + "), this test needs it";
    if ("1".equals(System.getenv("GATEHOUSE_REQUIRE_PROGRAMS"))) {
      return fail(message);
    }
    return abort(message);
  }
}
