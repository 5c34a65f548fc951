package dev.gatehouse.gateway.residency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.contract.tenant.Region;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(10)
class ResidencyConfigTest {
  private static ResidencyConfig with(String region, String url) {
    return new ResidencyConfig(
        Optional.of(new Region("us")), Elsewhere.FORWARD, Map.of(region, URI.create(url)));
  }

  @Test
  void standsNowhereAndRefusesByDefault() {
    assertThat(ResidencyConfig.DEFAULT)
        .isEqualTo(new ResidencyConfig(Optional.empty(), Elsewhere.REFUSE, Map.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://eu.gateways.example.com",
        "https://eu.gateways.example.com:8443/",
        "http://[2001:db8::1]:8080"
      })
  void takesTheUrlOfAGateway(String url) {
    assertThat(with("eu", url).gatewayOf(new Region("eu"))).hasValue(URI.create(url));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "eu.gateways.example.com",
        "ftp://eu.gateways.example.com",
        "https://eu.gateways.example.com/path",
        "https://eu.gateways.example.com?a=b",
        "https://user@eu.gateways.example.com",
        "https:eu"
      })
  void namesTheUrlThatIsNone(String url) {
    assertThatThrownBy(() -> with("eu", url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("gateways.eu must be an http or https URL without a path")
        .hasMessageEndingWith("found \"" + url + "\"");
  }

  @Test
  void namesTheRegionThatIsNoneOrItsOwn() {
    assertThatThrownBy(() -> with("EU", "https://eu.gateways.example.com"))
        .hasMessageContaining("found \"EU\"");
    assertThatThrownBy(() -> with("us", "https://us.gateways.example.com"))
        .hasMessageContaining("other regions than the gateway's own, found \"us\"");
  }
}
