package dev.gatehouse.loadtests.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a process and its descendants have used so far, from {@code proc(5)}.
 *
 * @param cpu user and system time, in steps of 10 ms
 * @param residentBytes memory that is in RAM now
 */
public record ProcessUsage(Duration cpu, long residentBytes) {
  private static final long MILLIS_PER_TICK = 10;
  private static final int UTIME = 11;
  private static final int CSTIME = 14;

  /**
   * Reads it.
   *
   * @throws IOException if there is no such process
   */
  public static ProcessUsage of(ProcessHandle process) throws IOException {
    ProcessUsage total = ofOne(process.pid());
    List<ProcessHandle> descendants;
    try (Stream<ProcessHandle> all = process.descendants()) {
      descendants = all.toList();
    }
    for (ProcessHandle descendant : descendants) {
      try {
        total = total.plus(ofOne(descendant.pid()));
      } catch (NoSuchFileException e) {
        // It ended meanwhile: its time is now its parent's cutime.
      }
    }
    return total;
  }

  private ProcessUsage plus(ProcessUsage other) {
    return new ProcessUsage(cpu.plus(other.cpu), residentBytes + other.residentBytes);
  }

  private static ProcessUsage ofOne(long pid) throws IOException {
    Path proc = Path.of("/proc", Long.toString(pid));
    return new ProcessUsage(
        cpuIn(Files.readString(proc.resolve("stat"))),
        residentIn(Files.readAllLines(proc.resolve("status"))));
  }

  /** Fields 14 to 17: utime, stime, and those of children that ended. */
  static Duration cpuIn(String stat) {
    // The second field, the name, may hold anything; what counts begins after its bracket.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    long ticks = 0;
    for (int field = UTIME; field <= CSTIME; field++) {
      ticks += Long.parseLong(fields[field]);
    }
    return Duration.ofMillis(ticks * MILLIS_PER_TICK);
  }

  static long residentIn(List<String> status) {
    for (String line : status) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
      }
    }
    return 0;
  }
}
