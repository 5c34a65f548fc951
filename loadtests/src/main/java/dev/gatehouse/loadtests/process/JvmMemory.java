package dev.gatehouse.loadtests.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The memory of another JVM at one moment, by {@code jcmd} of the same JDK and {@code proc(5)}.
 *
 * @param liveHeapBytes objects that it still needs, after a full collection
 * @param directBytes memory taken beside the heap by the program itself, such as network buffers; 0
 *     unless it runs with {@code -XX:NativeMemoryTracking=summary}
 * @param residentBytes memory that is in RAM
 */
public record JvmMemory(long liveHeapBytes, long directBytes, long residentBytes) {
  private static final Pattern DIRECT =
      Pattern.compile("Other \\(reserved=\\d+KB, committed=(\\d+)KB");
  private static final String FORGET_PEAK = "5";

  /**
   * Reads it, after a full collection.
   *
   * @throws IOException if the JVM does not answer
   */
  public static JvmMemory of(ProcessHandle jvm) throws IOException {
    return new JvmMemory(
        HeapProbe.liveBytes(jvm), directBytes(jvm), ProcessUsage.of(jvm).residentBytes());
  }

  /** Lets {@link #peakResidentBytes} begin anew. */
  public static void forgetPeak(ProcessHandle process) throws IOException {
    Files.writeString(procOf(process).resolve("clear_refs"), FORGET_PEAK);
  }

  /** The most memory that has been in RAM since {@link #forgetPeak}. */
  public static long peakResidentBytes(ProcessHandle process) throws IOException {
    for (String line : Files.readAllLines(procOf(process).resolve("status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
      }
    }
    throw new IOException("the kernel does not say the peak of process " + process.pid());
  }

  private static long directBytes(ProcessHandle jvm) throws IOException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process probe =
        new ProcessBuilder(jcmd.toString(), Long.toString(jvm.pid()), "VM.native_memory", "summary")
            .redirectErrorStream(true)
            .start();
    Matcher direct =
        DIRECT.matcher(new String(probe.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    return direct.find() ? Long.parseLong(direct.group(1)) * 1024 : 0;
  }

  private static Path procOf(ProcessHandle process) {
    return Path.of("/proc", Long.toString(process.pid()));
  }
}
