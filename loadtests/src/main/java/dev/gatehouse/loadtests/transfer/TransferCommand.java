package dev.gatehouse.loadtests.transfer;

import dev.gatehouse.loadtests.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code loadtests/transfer}. */
@Command(
    name = "transfer",
    mixinStandardHelpOptions = true,
    description = "Measures the memory that large bodies take of a gateway, each way.")
public final class TransferCommand implements Callable<Integer> {
  private static final double MIB = 1 << 20;

  /** The whole heap is in RAM from the start: what comes on top is not heap. */
  private static final List<String> JVM_OPTIONS =
      List.of(
          "-Xms96m",
          "-Xmx96m",
          "-XX:+AlwaysPreTouch",
          "-XX:MaxDirectMemorySize=64m",
          "-XX:NativeMemoryTracking=summary",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  @Option(names = "--mebibytes", paramLabel = "N", description = "Length of each body.")
  private int mebibytes = 1024;

  /** Runs the program; it exits with 0, or with 1 where a body did not arrive whole. */
  public static void main(String[] args) {
    Program.runAndExit(new TransferCommand(), args);
  }

  @Override
  public Integer call() throws Exception {
    Path folder = Files.createTempDirectory("gatehouse-transfer");
    long bytes = (long) mebibytes << 20;
    System.out.printf(
        "%d MiB each, MiB of the gateway%n%-34s%8s%12s%12s%10s%10s%n",
        mebibytes, "", "s", "live heap", "direct", "RSS", "extra");
    for (Transfers.Result result : new Transfers(folder, bytes, JVM_OPTIONS).run()) {
      System.out.printf(
          Locale.ROOT,
          "%-34s%8.1f%12.1f%12.1f%10.1f%10.1f%n",
          result.name(),
          result.time().toMillis() / 1000.0,
          result.after().liveHeapBytes() / MIB,
          result.after().directBytes() / MIB,
          result.peakResidentBytes() / MIB,
          result.extraBytes() / MIB);
    }
    return 0;
  }
}
