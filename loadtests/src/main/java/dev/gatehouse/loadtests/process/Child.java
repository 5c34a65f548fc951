package dev.gatehouse.loadtests.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own; it ends with this one. */
public final class Child implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** A gateway that stops may have a class archive to write. */
  private static final Duration GRACE = Duration.ofSeconds(20);

  private final Process process;
  private final Path log;
  private final Thread endWithUs = new Thread(this::end);

  private Child(Process process, Path log) {
    this.process = process;
    this.log = log;
    Runtime.getRuntime().addShutdownHook(endWithUs);
  }

  /**
   * Starts a command.
   *
   * @param log takes what it prints
   * @throws IOException if it cannot be run
   */
  public static Child start(List<String> command, Path log) throws IOException {
    return new Child(
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start(),
        log);
  }

  /** A loopback port that was free a moment ago, for servers that cannot choose one. */
  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** The process. */
  public ProcessHandle handle() {
    return process.toHandle();
  }

  /**
   * Waits until it accepts connections on a loopback port.
   *
   * @throws IOException if it ended or takes longer than a minute; with the end of its log
   */
  public void awaitPort(int port) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!accepts(port)) {
      if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
        throw new IOException("it ended with " + process.exitValue() + ":\n" + endOfLog());
      }
      if (System.nanoTime() > deadline) {
        throw new IOException("nothing listens on port " + port + ":\n" + endOfLog());
      }
    }
  }

  /** The last lines that it printed. */
  public String endOfLog() throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
  }

  @Override
  public void close() {
    end();
    try {
      Runtime.getRuntime().removeShutdownHook(endWithUs);
    } catch (IllegalStateException e) {
      // This process is ending, and the hook has run or will.
    }
  }

  private void end() {
    process.destroy();
    try {
      if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static boolean accepts(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
