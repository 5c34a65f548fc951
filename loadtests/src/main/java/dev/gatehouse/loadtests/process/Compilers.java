package dev.gatehouse.loadtests.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a JVM's just-in-time compilers have used so far, from {@code proc(5)}. */
public final class Compilers {
  /** Of a thread's stat; the kernel cuts names after 15 characters. */
  private static final Pattern NAME = Pattern.compile("^\\d+ \\(C[12] Compiler");

  /** At rest is who uses less than a tenth of a core. */
  private static final int PARTS_OF_A_CORE = 10;

  private Compilers() {}

  /**
   * Keeps a process busy, once at least, until that is enough and they have come to rest.
   *
   * @param limit the longest that this may take, by about one turn of the work
   * @return whether they have
   * @throws IOException if there is no such process
   */
  public static boolean comeToRest(ProcessHandle process, Duration limit, Work work)
      throws IOException {
    long end = System.nanoTime() + limit.toNanos();
    boolean warm;
    do {
      warm = restDuring(process, work);
    } while (!warm && System.nanoTime() < end);
    return warm;
  }

  private static boolean restDuring(ProcessHandle process, Work work) throws IOException {
    long began = System.nanoTime();
    Map<String, Duration> before = cpuOf(process);
    boolean enough = work.run();
    long compiled = 0;
    for (Map.Entry<String, Duration> thread : cpuOf(process).entrySet()) {
      Duration earlier = before.getOrDefault(thread.getKey(), Duration.ZERO);
      compiled += thread.getValue().minus(earlier).toNanos();
    }
    return enough && compiled * PARTS_OF_A_CORE < System.nanoTime() - began;
  }

  /** User and system time of each compiler thread, in steps of 10 ms; none if it is no JVM. */
  private static Map<String, Duration> cpuOf(ProcessHandle process) throws IOException {
    Path tasks = Path.of("/proc", Long.toString(process.pid()), "task");
    List<Path> threads;
    try (Stream<Path> all = Files.list(tasks)) {
      threads = all.toList();
    }
    Map<String, Duration> cpu = new HashMap<>();
    for (Path thread : threads) {
      try {
        String stat = Files.readString(thread.resolve("stat"));
        if (NAME.matcher(stat).find()) {
          cpu.put(thread.getFileName().toString(), ProcessUsage.cpuIn(stat));
        }
      } catch (IOException ended) {
        // It has ended meanwhile.
      }
    }
    return cpu;
  }

  /** What a process is kept busy with. */
  @FunctionalInterface
  public interface Work {
    /**
     * Does it for a second or so; blocks.
     *
     * @return whether it has been done often enough by now
     * @throws IOException if the process does not answer as it should
     */
    boolean run() throws IOException;
  }
}
