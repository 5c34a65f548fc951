package dev.gatehouse.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.gateway.upstream.UpstreamConfig.DnsConfig;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class UpstreamConfigTest {
  @Test
  void hasTheDocumentedDefaults() {
    assertThat(UpstreamConfig.DEFAULT)
        .isEqualTo(
            new UpstreamConfig(
                Optional.empty(),
                new DnsConfig(
                    Optional.empty(),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(1),
                    Duration.ofMinutes(5)),
                Optional.empty(),
                64,
                10_000,
                Duration.ofMinutes(10)));
  }

  @Test
  void namesTheServerThatIsNoAddress() {
    assertThatThrownBy(() ->
            new DnsConfig(
                Optional.of("dns.example:53"),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "server must be an IP address and a port, such as 10.0.0.2:53, found"
                + " \"dns.example:53\"");
  }
}
