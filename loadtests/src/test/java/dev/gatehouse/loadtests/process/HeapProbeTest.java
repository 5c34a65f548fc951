package dev.gatehouse.loadtests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.loadtests.upstream.Upstream;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class HeapProbeTest {
  @Test
  void readsTheTotalOfAHistogram() throws IOException {
    String histogram =
        """
         num     #instances         #bytes  class name (module)
        -------------------------------------------------------
           1:         25310        2100664  [B (java.base@25.0.1)
        Total        140206       10234567
        """;

    assertThat(HeapProbe.totalIn(histogram)).isEqualTo(10_234_567);
  }

  @Test
  void measuresAnotherJvm(@TempDir Path folder) throws Exception {
    int port = Child.freePort();
    try (Child jvm = Upstream.inOwnProcess(Cores.ofThisMachine(), port, folder)) {
      jvm.awaitPort(port);

      assertThat(HeapProbe.liveBytes(jvm.handle())).isGreaterThan(1 << 18);
    }
  }

  @Test
  void refusesWhatIsNoHistogram() {
    assertThatThrownBy(() -> HeapProbe.totalIn("No such process"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("No such process");
  }
}
