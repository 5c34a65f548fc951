package dev.gatehouse.loadtests.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a JVM's just-in-time compilers have used so far, from {@code proc(5)}. */
public final class Compilers {
  /** Of a thread's stat; the kernel cuts names after 15 characters. */
  private static final Pattern NAME = Pattern.compile("^\\d+ \\(C[12] Compiler");

  private Compilers() {}

  /**
   * User and system time of a process's compiler threads, in steps of 10 ms; nothing if it is no
   * JVM. May fall: idle threads end, and take their time with them.
   *
   * @throws IOException if there is no such process
   */
  public static Duration cpuOf(ProcessHandle process) throws IOException {
    Path tasks = Path.of("/proc", Long.toString(process.pid()), "task");
    List<Path> threads;
    try (Stream<Path> all = Files.list(tasks)) {
      threads = all.toList();
    }
    Duration total = Duration.ZERO;
    for (Path thread : threads) {
      try {
        String stat = Files.readString(thread.resolve("stat"));
        if (NAME.matcher(stat).find()) {
          total = total.plus(ProcessUsage.cpuIn(stat));
        }
      } catch (NoSuchFileException e) {
        // It ended meanwhile.
      }
    }
    return total;
  }
}
