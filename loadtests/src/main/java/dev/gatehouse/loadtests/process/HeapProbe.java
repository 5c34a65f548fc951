package dev.gatehouse.loadtests.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Measures the objects that a JVM still needs, with {@code jcmd} of the same JDK. */
public final class HeapProbe {
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");

  private HeapProbe() {}

  /**
   * Bytes of live objects: the histogram is taken after a full collection. Not of this JVM, which
   * stands still meanwhile and could not read the answer.
   *
   * @throws IOException if the JVM does not answer
   */
  public static long liveBytes(ProcessHandle jvm) throws IOException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process probe =
        new ProcessBuilder(jcmd.toString(), Long.toString(jvm.pid()), "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    return totalIn(new String(probe.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
  }

  static long totalIn(String histogram) throws IOException {
    Matcher total = TOTAL.matcher(histogram);
    if (!total.find()) {
      throw new IOException("expected a class histogram, found: " + histogram);
    }
    return Long.parseLong(total.group(1));
  }
}
