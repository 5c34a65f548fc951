package dev.gatehouse.contract.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(10)
class AddressRangeTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.1.2",
    "192.168.4.0/22, 192.168.7.255",
    "127.0.0.1, 127.0.0.1",
    "0.0.0.0/0, 8.8.8.8",
    "10.0.0.0/8, ::ffff:10.1.2.3",
    "2001:db8::/33, 2001:db8:7fff::1",
    "::1, 0:0:0:0:0:0:0:1",
    "::/0, ::1",
  })
  void holdsTheAddressesOfItsRange(String range, String address) {
    assertThat(AddressRange.parse(range).contains(InetAddress.ofLiteral(address))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 11.0.0.0",
    "192.168.4.0/22, 192.168.8.0",
    "127.0.0.1, 127.0.0.2",
    "0.0.0.0/0, ::1",
    "::/0, 10.0.0.1",
    "2001:db8::/33, 2001:db8:8000::1",
  })
  void holdsNoOther(String range, String address) {
    assertThat(AddressRange.parse(range).contains(InetAddress.ofLiteral(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "localhost", "1.2.3", "fe80::1%eth0", "1.2.3.4.5"})
  void findsNoAddressInAnythingElse(String text) {
    assertThat(AddressRange.addressOf(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/8",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.1/8",
        "localhost",
        "::/129",
        "1/x"
      })
  void refusesWhatIsNoRange(String text) {
    assertThatThrownBy(() -> AddressRange.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(text);
  }
}
