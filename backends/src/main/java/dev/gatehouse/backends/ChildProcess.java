package dev.gatehouse.backends;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A program that runs as a child of this process and does not outlive it, however this process
 * ends. Between the two stands a shell that waits on the child's standard input, a pipe that only
 * this process holds open: when the pipe closes, the shell sends the child its stop signal. The
 * child runs in a session of its own, so that Ctrl-C in a terminal reaches this process alone,
 * which then decides the order of stopping.
 */
public final class ChildProcess implements AutoCloseable {
  private static final int REMEMBERED_LINES = 40;

  /** $$ stays the number of the outer shell, which becomes the program. */
  private static final String GUARD =
      """
      signal=$1; shift
      ( ( read -r _; kill -s "$signal" $$ ) <&3 >/dev/null 2>&1 & ) 3<&0
      exec "$@" </dev/null
      """;

  private final Process process;
  private final Duration stopTimeout;
  private final Deque<String> lastLines = new ArrayDeque<>();
  private final Thread reader;

  private ChildProcess(Process process, Duration stopTimeout, Consumer<String> output) {
    this.process = process;
    this.stopTimeout = stopTimeout;
    // Not a virtual one: it would hold a carrier for as long as the child lives, maybe the only
    // one.
    this.reader = Thread.ofPlatform().daemon().start(() -> read(output));
  }

  /**
   * What to run.
   *
   * @param prefix what changes the account or the umask, or nothing, as {@code setpriv …}
   * @param command the program and its arguments
   * @param environment all of its environment
   * @param directory its working directory
   * @param stopSignal what asks it to end, such as {@code TERM}
   * @param stopTimeout how long it may take to end before it is killed
   * @param output gets each line that it prints, on a thread of its own
   */
  public record Program(
      List<String> prefix,
      List<String> command,
      Map<String, String> environment,
      Path directory,
      String stopSignal,
      Duration stopTimeout,
      Consumer<String> output) {}

  /**
   * Starts a program.
   *
   * @throws IOException if it cannot be executed
   */
  public static ChildProcess start(Program program) throws IOException {
    List<String> line = new ArrayList<>();
    line.add("setsid");
    line.addAll(program.prefix());
    line.addAll(List.of("sh", "-c", GUARD, "sh", program.stopSignal()));
    line.addAll(program.command());
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.directory(program.directory().toFile());
    builder.redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(program.environment());
    return new ChildProcess(builder.start(), program.stopTimeout(), program.output());
  }

  /** The process number. */
  public long pid() {
    return process.pid();
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Completes with the exit code when it has ended. */
  public CompletableFuture<Integer> onExit() {
    return process.onExit().thenApply(Process::exitValue);
  }

  /** The last lines that it printed, oldest first; complete once it has ended. */
  public List<String> lastLines() {
    if (!process.isAlive()) {
      awaitReader();
    }
    synchronized (lastLines) {
      return List.copyOf(lastLines);
    }
  }

  /** Asks it to end, and kills it if it has not within its time. Returns when it is gone. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      process.destroy();
    }
    try {
      if (!process.waitFor(stopTimeout.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private void read(Consumer<String> output) {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        synchronized (lastLines) {
          lastLines.addLast(line);
          if (lastLines.size() > REMEMBERED_LINES) {
            lastLines.removeFirst();
          }
        }
        output.accept(line);
      }
    } catch (IOException e) {
      output.accept("its output can no longer be read: " + e.getMessage());
    }
  }

  private void awaitReader() {
    try {
      reader.join(Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
