package dev.gatehouse.controlplane;

import dev.gatehouse.contract.token.SecretToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** A control plane in a process of its own, to be killed. */
final class ControlPlaneProcess implements AutoCloseable {
  private static final String LISTENS = "listens on port ";
  private static final int ATTEMPTS = 5;

  private final Process process;
  private final int port;
  private final String token;

  private ControlPlaneProcess(Process process, int port, String token) {
    this.process = process;
    this.port = port;
    this.token = token;
  }

  /**
   * Starts it; it answers when this returns. One that finds the database too slow ends, and is
   * started again as by any supervisor.
   */
  static ControlPlaneProcess start(String databaseUrl) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return launch(databaseUrl);
      } catch (IOException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static ControlPlaneProcess launch(String databaseUrl) throws IOException {
    String token = SecretToken.generate(SecretToken.Kind.OPERATOR).reveal();
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                ControlPlaneProcess.class.getName(),
                databaseUrl,
                token)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader output = process.inputReader();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(LISTENS)) {
        int port = Integer.parseInt(line.substring(LISTENS.length()));
        Thread.ofVirtual().start(() -> output.lines().forEach(_ -> {}));
        return new ControlPlaneProcess(process, port, token);
      }
    }
    throw new IOException("the control plane ended with " + process.onExit().join().exitValue());
  }

  ApiClient operator() {
    return new ApiClient(port, token);
  }

  /** Kills it with SIGKILL, and returns when it is dead. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  /** The process. */
  public static void main(String[] args) throws InterruptedException {
    ControlPlane running =
        ControlPlane.start(
            RunningControlPlane.config(
                args[0],
                Optional.of(
                    new ControlPlaneConfig.Bootstrap(Optional.of(args[1]), Optional.empty()))));
    System.out.println(LISTENS + running.port());
    new CountDownLatch(1).await();
  }
}
