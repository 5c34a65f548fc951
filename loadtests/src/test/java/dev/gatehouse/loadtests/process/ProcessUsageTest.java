package dev.gatehouse.loadtests.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Timeout(20)
class ProcessUsageTest {
  @Test
  void addsOwnTimeAndThatOfEndedChildrenWhateverTheName() {
    String stat = "42 (a) b (c) S 1 42 42 0 -1 4194304 9 0 0 0 150 50 20 10 20 0 1 0 100 1000 25";

    assertThat(ProcessUsage.cpuIn(stat)).isEqualTo(Duration.ofMillis(2300));
  }

  @Test
  void readsResidentMemory() {
    assertThat(ProcessUsage.residentIn(List.of("Name:\tnginx", "VmRSS:\t    5120 kB")))
        .isEqualTo(5120 * 1024);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void seesThisProcess() throws IOException {
    ProcessUsage usage = ProcessUsage.of(ProcessHandle.current());

    assertThat(usage.cpu()).isPositive();
    assertThat(usage.residentBytes()).isGreaterThan(1 << 20);
  }
}
