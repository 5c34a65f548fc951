package dev.gatehouse.deploy.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.backends.BackendException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class DemoPortsTest {
  @Test
  void countsUpFromABase() {
    assertThat(DemoPorts.parse("7000"))
        .isEqualTo(new DemoPorts(7000, 7001, 7002, 7003, 7004, 7005));
  }

  @Test
  void keepsTheDefaultsOfWhatIsNotNamed() {
    assertThat(DemoPorts.parse("gateway=80, redis=6379"))
        .isEqualTo(new DemoPorts(80, 9901, 9000, 0, 0, 6379));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-1", "65531", "65536", "x", "gateway", "gateway=x", "nobody=1", "gateway=1,"})
  void refusesWhatIsNoPort(String text) {
    assertThatThrownBy(() -> DemoPorts.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected");
  }

  @Test
  void picksDifferentFreePorts() {
    DemoPorts ports = DemoPorts.parse("0").resolved();
    assertThat(
            IntStream.of(
                ports.gateway(),
                ports.admin(),
                ports.controlPlane(),
                ports.sample(),
                ports.postgres(),
                ports.redis()))
        .doesNotHaveDuplicates()
        .allMatch(port -> port > 1024);
  }

  @Test
  void namesThePortThatIsInUse() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String text = "gateway=" + other.getLocalPort() + ",admin=0,control-plane=0";
      assertThatThrownBy(() -> DemoPorts.parse(text).resolved())
          .isInstanceOf(BackendException.PortInUse.class)
          .hasMessageContaining(other.getLocalPort() + ", which gateway should listen on");
    }
  }
}
