package dev.gatehouse.deploy.endtoend;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs {@code ./gatehouse} of this checkout. */
final class Launcher {
  static final Path SCRIPT = Path.of("../../gatehouse").toAbsolutePath().normalize();

  private Launcher() {}

  /** How a command ended. */
  record Ended(int exitCode, String output) {}

  static ProcessBuilder command(String... arguments) {
    List<String> line = new ArrayList<>(List.of(SCRIPT.toString()));
    line.addAll(List.of(arguments));
    return new ProcessBuilder(line).redirectErrorStream(true);
  }

  static Ended run(Path scratch, String... arguments) throws Exception {
    return finish(command(arguments), scratch);
  }

  static Ended shell(Path scratch, String line, Map<String, String> environment) throws Exception {
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", line).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return finish(builder, scratch);
  }

  private static Ended finish(ProcessBuilder builder, Path scratch) throws Exception {
    Path output = Files.createTempFile(scratch, "output", ".txt");
    Process process = builder.redirectOutput(output.toFile()).start();
    try {
      if (!process.waitFor(120, TimeUnit.SECONDS)) {
        throw new IOException("still runs after 120 s: " + builder.command());
      }
      return new Ended(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    } finally {
      process.destroyForcibly();
    }
  }
}
