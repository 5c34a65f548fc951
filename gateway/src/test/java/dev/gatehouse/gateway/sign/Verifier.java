package dev.gatehouse.gateway.sign;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** The programs of {@code docs/verifying} that verify messages, and what runs them. */
enum Verifier {
  JAVA("java", "--version"),
  NODE("node", "--version"),
  PYTHON("python3", "-c", "import cryptography, jwt");

  private static final Path FOLDER =
      Path.of("..", "docs", "verifying").toAbsolutePath().normalize();

  private static final String CLASS_PATH = System.getProperty("java.class.path");

  private static final int TIMEOUT_SECONDS = 60;

  /** Those that were found usable. */
  private static final Map<Verifier, String> PROGRAMS = new ConcurrentHashMap<>();

  private final String executable;

  /** With this, and the probe as its argument, it ends well where it is usable. */
  private final String option;

  private final String probe;

  Verifier(String executable, String option) {
    this(executable, option, "");
  }

  Verifier(String executable, String option, String probe) {
    this.executable = executable;
    this.option = option;
    this.probe = probe;
  }

  /** The Java of the tests first; the Python of Debian may stand behind another. */
  private List<String> candidates() {
    String own = Path.of(System.getProperty("java.home"), "bin").toString();
    return Stream.of((own + ":" + System.getenv("PATH") + ":/usr/bin").split(":", -1))
        .map(folder -> Path.of(folder, executable))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .toList();
  }

  /** How a program ended, and what it wrote. */
  record Outcome(int exitCode, String output, String errors) {}

  /** Lets it verify a message. */
  Outcome verify(String message, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(program()));
    switch (this) {
      case JAVA ->
          command.addAll(
              List.of(
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  Compiled.FOLDER + File.pathSeparator + CLASS_PATH,
                  "VerifyMessage"));
      case NODE -> command.add(FOLDER.resolve("verify_message.mjs").toString());
      case PYTHON -> command.add(FOLDER.resolve("verify_message.py").toString());
    }
    command.addAll(List.of(arguments));
    return run(command, message);
  }

  /** The Java one, compiled once: to run its source would compile it each time. */
  private static final class Compiled {
    static final Path FOLDER = compile();

    private static Path compile() {
      try {
        Path folder = Files.createTempDirectory("verifier");
        int failed =
            ToolProvider.getSystemJavaCompiler()
                .run(
                    null,
                    null,
                    null,
                    "-cp",
                    CLASS_PATH,
                    "-proc:none",
                    "-d",
                    folder.toString(),
                    Verifier.FOLDER.resolve("VerifyMessage.java").toString());
        assertThat(failed).isZero();
        return folder;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private String program() throws Exception {
    String known = PROGRAMS.get(this);
    if (known != null) {
      return known;
    }
    for (String candidate : candidates()) {
      List<String> command = new ArrayList<>(List.of(candidate, option));
      if (!probe.isEmpty()) {
        command.add(probe);
      }
      if (run(command, "").exitCode() == 0) {
        PROGRAMS.put(this, candidate);
        return candidate;
      }
    }
    String message = name() + " is not usable, this test needs it";
    if ("1".equals(System.getenv("GATEHOUSE_REQUIRE_PROGRAMS"))) {
      return fail(message);
    }
    return abort(message);
  }

  private static Outcome run(List<String> command, String input) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(n -> n.toLowerCase(Locale.ROOT).endsWith("_proxy"));
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    Path errors = Files.createTempFile("verifier", ".err");
    try {
      Process process = builder.redirectError(errors.toFile()).start();
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(UTF_8));
      } catch (IOException _) {
        // It did not read to the end; how it ends says why.
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
}
