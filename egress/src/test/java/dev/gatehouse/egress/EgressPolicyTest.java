package dev.gatehouse.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gatehouse.contract.net.AddressRange;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class EgressPolicyTest {
  private final EgressPolicy policy = new EgressPolicy(List.of());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "192.0.0.170",
        "198.18.0.1",
        "203.0.113.7",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1",
        "fe80::1",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1"
      })
  void refusesWhatIsNotPublic(String address) {
    assertThat(policy.allows(InetAddress.ofLiteral(address))).isFalse();
  }

  @Test
  void refusesLoopbackWrittenAsIpv6() throws UnknownHostException {
    byte[] mapped = HexFormat.of().parseHex("00000000000000000000ffff7f000001");

    assertThat(policy.allows(InetAddress.getByAddress(mapped))).isFalse();
    assertThat(policy.allows(InetAddress.ofLiteral("::ffff:127.0.0.1"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "172.32.0.1",
        "223.255.255.255",
        "2606:4700::1"
      })
  void allowsWhatIsPublic(String address) {
    assertThat(policy.allows(InetAddress.ofLiteral(address))).isTrue();
  }

  @Test
  void allowsTheRangesThatAnOperatorNames() {
    EgressPolicy wider =
        new EgressPolicy(
            List.of(AddressRange.parse("10.1.0.0/16"), AddressRange.parse("fd00::/8")));

    assertThat(wider.allows(InetAddress.ofLiteral("10.1.2.3"))).isTrue();
    assertThat(wider.allows(InetAddress.ofLiteral("fd00::1"))).isTrue();
    assertThat(wider.allows(InetAddress.ofLiteral("10.2.0.1"))).isFalse();
    assertThat(wider.allows(InetAddress.ofLiteral("127.0.0.1"))).isFalse();
    assertThat(wider.allowsExpressly(InetAddress.ofLiteral("10.1.2.3"))).isTrue();
    assertThat(wider.allowsExpressly(InetAddress.ofLiteral("1.1.1.1"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10.0.0.0/33", "a/8", "10.0.0/8", "::/129", "10.0.0.0/-1"})
  void refusesWhatIsNoRange(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> AddressRange.parse(text));
  }
}
