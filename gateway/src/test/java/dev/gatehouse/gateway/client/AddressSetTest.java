package dev.gatehouse.gateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.gatehouse.contract.net.AddressRange;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class AddressSetTest {
  private static final int SETS = 400;
  private static final int LOOKS = 200;
  private static final int LOOKS_IN_A_ROW = 100_000;

  private static AddressSet set(String... ranges) {
    return AddressSet.of(Stream.of(ranges).map(AddressRange::parse).toList());
  }

  private static IpBits bits(String address) {
    return IpBits.of(InetAddress.ofLiteral(address));
  }

  private static AddressRules rules(String allow, String deny) {
    return AddressRules.of(ranges(allow), ranges(deny));
  }

  private static List<AddressRange> ranges(String list) {
    return list.isEmpty()
        ? List.of()
        : Stream.of(list.split(" ")).map(AddressRange::parse).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.0.0.0, true",
    "10.0.0.0/8, 10.255.255.255, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "10.0.0.0/8, 9.255.255.255, false",
    "0.0.0.0/0, 255.255.255.255, true",
    "0.0.0.0/0, ::1, false",
    "::/0, 192.0.2.1, false",
    "::/0, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, true",
    "::ffff:10.0.0.0/104, 10.1.2.3, true",
    "10.0.0.0/8, ::ffff:10.1.2.3, true",
    "2001:db8::/64, 2001:db8::ffff:ffff:ffff:ffff, true",
    "2001:db8::/64, 2001:db8:0:1::, false",
    "2001:db8::/65, 2001:db8::7fff:ffff:ffff:ffff, true",
    "2001:db8::/65, 2001:db8::8000:0:0:0, false",
    "2001:db8::7, 2001:db8::7, true",
    "2001:db8::7, 2001:db8::8, false",
    "8000::/1, ffff::1, true",
    "8000::/1, 7fff::1, false",
  })
  void holdsWhatLiesInARange(String range, String address, boolean held) {
    assertThat(set(range).contains(bits(address))).isEqualTo(held);
  }

  @Test
  void aRangeWithinAnotherChangesNothing() {
    AddressSet set = set("10.1.0.0/16", "10.0.0.0/8", "10.0.0.0/16", "10.0.0.0/8", "10.255.0.0/16");

    assertThat(set.contains(bits("10.200.0.1"))).isTrue();
    assertThat(set.contains(bits("10.255.255.255"))).isTrue();
    assertThat(set.contains(bits("11.0.0.0"))).isFalse();
  }

  /** Whatever ranges there are, a set says what a look at each of them says. */
  @Test
  void saysWhatEachOfItsRangesSays() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < SETS; i++) {
      List<AddressRange> ranges = new ArrayList<>();
      for (int count = random.nextInt(40); count > 0; count--) {
        ranges.add(range(random));
      }
      AddressSet set = AddressSet.of(ranges);
      for (int look = 0; look < LOOKS; look++) {
        InetAddress address = near(ranges, random);
        assertThat(set.contains(IpBits.of(address)))
            .as("%s in %s, seed %d", address, ranges, seed)
            .isEqualTo(ranges.stream().anyMatch(range -> range.contains(address)));
      }
    }
  }

  private static AddressRange range(Random random) {
    byte[] bytes = bytes(random);
    int prefix = random.nextInt(bytes.length * Byte.SIZE + 1);
    for (int bit = prefix; bit < bytes.length * Byte.SIZE; bit++) {
      bytes[bit / Byte.SIZE] &= (byte) ~(0x80 >> bit % Byte.SIZE);
    }
    return new AddressRange(address(bytes), prefix);
  }

  /** Few different bytes, so that ranges meet. */
  private static byte[] bytes(Random random) {
    byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = new byte[] {0, 1, 0x7f, (byte) 0x80, (byte) 0xff}[random.nextInt(5)];
    }
    // Not in the clothes of IPv4: an InetAddress of such bytes is an IPv4 address.
    if (bytes.length == 16 && bytes[0] == 0) {
      bytes[0] = 0x20;
    }
    return bytes;
  }

  /** At or beside a bound of a range, or anywhere. */
  private static InetAddress near(List<AddressRange> ranges, Random random) {
    if (ranges.isEmpty() || random.nextInt(4) == 0) {
      return address(bytes(random));
    }
    AddressRange range = ranges.get(random.nextInt(ranges.size()));
    byte[] bytes = range.network().getAddress();
    if (random.nextBoolean()) {
      for (int bit = range.prefixBits(); bit < bytes.length * Byte.SIZE; bit++) {
        bytes[bit / Byte.SIZE] |= (byte) (0x80 >> bit % Byte.SIZE);
      }
    }
    int step = random.nextInt(3) - 1;
    for (int i = bytes.length - 1; i >= 0 && step != 0; i--) {
      int sum = (bytes[i] & 0xff) + step;
      bytes[i] = (byte) sum;
      step = sum < 0 ? -1 : sum > 0xff ? 1 : 0;
    }
    return address(bytes);
  }

  private static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', 192.0.2.1, true",
    "192.0.2.0/24, '', 192.0.2.1, true",
    "192.0.2.0/24, '', 198.51.100.1, false",
    "192.0.2.0/24, '', 2001:db8::1, false",
    "'', 192.0.2.0/24, 192.0.2.1, false",
    "'', 192.0.2.0/24, 198.51.100.1, true",
    "192.0.2.0/24, 192.0.2.1, 192.0.2.1, false",
    "192.0.2.0/24 2001:db8::/32, 192.0.2.1, 2001:db8::1, true",
    "192.0.2.0/24, '', ::ffff:192.0.2.1, true",
    "'', 192.0.2.1, ::ffff:192.0.2.1, false",
  })
  void denyWinsOverAllowAndNoAllowIsEverybody(
      String allow, String deny, String address, boolean admitted) {
    assertThat(rules(allow, deny).admit(ClientAddress.of(address, "http"))).isEqualTo(admitted);
  }

  @Test
  void aLookMakesNoObject() {
    AddressRules rules = rules("192.0.2.0/24 2001:db8::/32 198.51.100.0/24", "192.0.2.66");
    ClientAddress client = ClientAddress.of("198.51.100.7", "http");
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long admitted = 0;
    long before = 0;
    for (int i = 0; i < 2 * LOOKS_IN_A_ROW; i++) {
      if (i == LOOKS_IN_A_ROW) {
        before = threads.getCurrentThreadAllocatedBytes();
      }
      admitted += rules.admit(client) ? 1 : 0;
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(admitted).isEqualTo(2 * LOOKS_IN_A_ROW);
    assertThat(allocated).as("less than a byte for each look").isLessThan(LOOKS_IN_A_ROW);
  }

  @Test
  void whoHasNoAddressIsLetInWhereNobodyAsksForOne() {
    ClientAddress nowhere = ClientAddress.of("/run/gatehouse.sock", "http");

    assertThat(AddressRules.NONE.admit(nowhere)).isTrue();
    assertThat(rules("0.0.0.0/0 ::/0", "").admit(nowhere)).isFalse();
    assertThat(rules("", "192.0.2.1").admit(nowhere)).isFalse();
  }
}
