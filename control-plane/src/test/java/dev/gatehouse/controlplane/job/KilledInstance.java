package dev.gatehouse.controlplane.job;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;

/** An instance in a process of its own that stops in the middle of a job, until it is killed. */
final class KilledInstance implements AutoCloseable {
  private static final String REACHED = "reached";

  private final Process process;

  private KilledInstance(Process process) {
    this.process = process;
  }

  /** Where it stops. */
  enum Place {
    OUTSIDE_THE_TRANSACTION,
    IN_THE_TRANSACTION
  }

  /** Starts it; it has taken a job and has come to the place when this returns. */
  static KilledInstance at(Place place, String databaseUrl) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                KilledInstance.class.getName(),
                place.name(),
                databaseUrl)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader output = process.inputReader();
    String line;
    do {
      line = output.readLine();
      if (line == null) {
        throw new IOException("the instance ended with " + process.onExit().join().exitValue());
      }
    } while (!line.equals(REACHED));
    return new KilledInstance(process);
  }

  /** Kills it with SIGKILL, and returns when it is dead. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  /** The process. */
  public static void main(String[] args) {
    Place place = Place.valueOf(args[0]);
    JobRunner _ =
        JobDatabase.at(args[1])
            .run(
                JobDatabase.quick(),
                InstantSource.system(),
                "work",
                job -> {
                  if (place == Place.OUTSIDE_THE_TRANSACTION) {
                    standStill();
                  }
                  return tx -> {
                    JobDatabase.leaveEffect(tx, job, "killed");
                    standStill();
                    return JobHandler.Next.done();
                  };
                });
    standStillSilently();
  }

  private static void standStill() {
    System.out.println(REACHED);
    standStillSilently();
  }

  private static void standStillSilently() {
    CountDownLatch never = new CountDownLatch(1);
    try {
      never.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
