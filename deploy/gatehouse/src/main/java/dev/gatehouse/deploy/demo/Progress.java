package dev.gatehouse.deploy.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;

/** One line for each step of the start, with the time it took. */
final class Progress {
  private final PrintStream out;
  private Instant last = Instant.now();

  Progress(PrintStream out) {
    this.out = out;
  }

  /**
   * @param step what is done now
   * @param where its address
   */
  void done(String step, String where) {
    Instant now = Instant.now();
    out.printf(
        "  %-14s %-34s %4.1f s%n", step, where, Duration.between(last, now).toMillis() / 1e3);
    last = now;
  }
}
