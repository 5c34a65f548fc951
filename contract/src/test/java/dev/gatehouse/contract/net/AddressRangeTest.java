package dev.gatehouse.contract.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
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
  @CsvSource({
    "10.0.0.0/8, 10.0.0.0/8",
    "192.0.2.1, 192.0.2.1/32",
    "::ffff:10.0.0.0/104, 10.0.0.0/8",
    "::FFFF:192.0.2.1, 192.0.2.1/32",
    "2001:DB8:0:0:0:0:0:0/32, 2001:db8::/32",
    "2001:db8:0:0:1:0:0:0/80, 2001:db8:0:0:1::/80",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1/128",
    "0:0:0:0:0:0:0:0/0, ::/0",
    "::1, ::1/128",
    "1:0:0:2::/64, 1:0:0:2::/64",
  })
  void hasOneNormalForm(String written, String normal) {
    assertThat(AddressRange.parse(written)).hasToString(normal);
    assertThat(AddressRange.parse(normal)).isEqualTo(AddressRange.parse(written));
  }

  @Test
  void saysWhatIsExpectedWhereBitsAreSetBehindThePrefix() {
    assertThatThrownBy(() -> AddressRange.parse("10.1.2.3/8"))
        .hasMessage(
            "a range must have no bits set behind its prefix, expected 10.0.0.0/8, found"
                + " \"10.1.2.3/8\"");
    assertThatThrownBy(() -> AddressRange.parse("2001:db8::1/32"))
        .hasMessageContaining("expected 2001:db8::/32");
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
        "1/x",
        "10.0.0.0/+8",
        "10.0.0.0/08",
        "::ffff:0:0/95",
        "10.0.0.0/8/8",
      })
  void refusesWhatIsNoRange(String text) {
    assertThatThrownBy(() -> AddressRange.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(text);
  }
}
