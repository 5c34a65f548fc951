package dev.gatehouse.backends;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A server that a parent left behind, because that one was killed. Found by its process file, and
 * believed only if the process of that number really is this program on this directory: numbers are
 * used again.
 */
final class StaleServer {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private StaleServer() {}

  /**
   * Stops the server that a process file names, and removes the file.
   *
   * @param pidFile its first line is the process number; may be absent
   * @param program the file name of the server program
   * @param argument stands in the command line of that server and of no other
   * @param signals what asks it to end, the mildest first
   */
  static void stop(Path pidFile, String program, String argument, List<String> signals)
      throws IOException {
    Optional<ProcessHandle> server =
        read(pidFile)
            .flatMap(ProcessHandle::of)
            .filter(process -> isServer(process, program, argument));
    if (server.isPresent() && !end(server.get(), signals)) {
      throw new BackendException.StartFailed(
          program,
          "an earlier one, process %d, still runs and does not end.".formatted(server.get().pid()));
    }
    Files.deleteIfExists(pidFile);
  }

  private static Optional<Long> read(Path pidFile) throws IOException {
    if (!Files.exists(pidFile)) {
      return Optional.empty();
    }
    try {
      return Files.readAllLines(pidFile).stream()
          .findFirst()
          .map(line -> Long.valueOf(line.strip()));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static boolean isServer(ProcessHandle process, String program, String argument) {
    boolean sameProgram =
        process.info().command().filter(path -> path.endsWith("/" + program)).isPresent();
    boolean sameArgument =
        process.info().arguments().filter(all -> List.of(all).contains(argument)).isPresent();
    return sameProgram && sameArgument;
  }

  private static boolean end(ProcessHandle server, List<String> signals) throws IOException {
    for (String signal : signals) {
      new ProcessBuilder(
              "sh", "-c", "kill -s \"$1\" \"$2\"", "sh", signal, Long.toString(server.pid()))
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
      if (hasEnded(server)) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasEnded(ProcessHandle server) {
    try {
      server.onExit().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException | ExecutionException e) {
      return !server.isAlive();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
