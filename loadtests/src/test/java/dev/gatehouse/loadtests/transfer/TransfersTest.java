package dev.gatehouse.loadtests.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
@EnabledOnOs(OS.LINUX)
class TransfersTest {
  private static final long BYTES = 64 << 20;

  /** Heap and buffers together are less than one body: a gateway that keeps it fails. */
  private static final List<String> TIGHT =
      List.of(
          "-Xmx40m",
          "-XX:MaxDirectMemorySize=16m",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  @Test
  void takesBodiesThroughThatAreLargerThanAllItsMemory(@TempDir Path folder) throws Exception {
    assertThat(new Transfers(folder, BYTES, TIGHT).run()).hasSameSizeAs(Scenario.all());
  }
}
