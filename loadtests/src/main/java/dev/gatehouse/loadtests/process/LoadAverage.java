package dev.gatehouse.loadtests.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How many threads of the whole machine wanted a core in the last minute, from {@code proc(5)}:
 * what else was going on while something was measured.
 *
 * @param before the first round
 * @param after the last, our own included
 */
public record LoadAverage(double before, double after) {
  private static final Path SOURCE = Path.of("/proc/loadavg");

  /** As of now. */
  public static double now() throws IOException {
    return Double.parseDouble(Files.readString(SOURCE).split(" ", 2)[0]);
  }

  /** One that was taken before, and now. */
  public static LoadAverage since(double before) throws IOException {
    return new LoadAverage(before, now());
  }

  @Override
  public String toString() {
    return before + " before and " + after + " after";
  }
}
