package dev.gatehouse.controlplane.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.Rcode;

@Timeout(60)
class DnsClientTest {
  @AutoClose private final TestDnsServer server = TestDnsServer.start();
  @AutoClose private final DnsClient client = DnsClient.open(Optional.of(address(server)));

  @Test
  void readsAllTextsOfAName() {
    server.txt("_a.example.com", "first", "second \"quoted\"", "x".repeat(300));

    assertThat(texts("_a.example.com"))
        .containsExactlyInAnyOrder("first", "second \"quoted\"", "x".repeat(300));
    assertThat(texts("_A.EXAMPLE.com.")).hasSize(3);
  }

  @Test
  void asksByTcpWhereAnAnswerWasCutOff() {
    String[] many =
        IntStream.range(0, 40)
            .mapToObj(i -> "text-" + i + "-" + "x".repeat(90))
            .toArray(String[]::new);
    server.txt("many.example.com", many);

    assertThat(texts("many.example.com")).containsExactlyInAnyOrder(many);
    assertThat(server.overTcp).hasValue(1);
  }

  @Test
  void tellsNothingThereFromNoAnswer() {
    server.addresses("a.example.com", "192.0.2.1");
    server.code("broken.example.com", Rcode.SERVFAIL);
    server.code("refused.example.com", Rcode.REFUSED);

    assertThat(client.texts("none.example.com")).isInstanceOf(DnsAnswer.Nothing.class);
    assertThat(client.texts("a.example.com")).isInstanceOf(DnsAnswer.Nothing.class);
    assertThat(client.texts("broken.example.com"))
        .isInstanceOfSatisfying(
            DnsAnswer.NoAnswer.class, answer -> assertThat(answer.reason()).contains("ServFail"));
    assertThat(client.texts("refused.example.com")).isInstanceOf(DnsAnswer.NoAnswer.class);
    server.close();
    assertThat(client.texts("a.example.com")).isInstanceOf(DnsAnswer.NoAnswer.class);
  }

  @Test
  void followsAliasesThatTheAnswerHolds() {
    server.cname("_a.example.com", "b.example.net");
    server.cname("b.example.net", "c.example.org");
    server.txt("c.example.org", "delegated");

    assertThat(texts("_a.example.com")).containsExactly("delegated");
  }

  @Test
  void followsAliasesThatTheServerLeavesToIt() {
    server.followAliases(false);
    server.cname("_a.example.com", "b.example.net");
    server.cname("b.example.net", "c.example.org");
    server.txt("c.example.org", "delegated");

    assertThat(texts("_a.example.com")).containsExactly("delegated");
  }

  @Test
  void saysThatAnAliasLeadsNowhere() {
    server.cname("_a.example.com", "gone.example.net");

    assertThat(client.texts("_a.example.com")).isInstanceOf(DnsAnswer.Nothing.class);
  }

  @Test
  void givesUpAliasesThatLeadInACircle() {
    server.cname("a.example.com", "b.example.com");
    server.cname("b.example.com", "a.example.com");

    assertThat(client.texts("a.example.com")).isInstanceOf(DnsAnswer.NoAnswer.class);
    server.followAliases(false);
    assertThat(client.texts("a.example.com")).isInstanceOf(DnsAnswer.NoAnswer.class);
  }

  @Test
  void readsAddressesOfBothFamilies() {
    server.addresses("both.example.com", "192.0.2.1", "192.0.2.2", "2001:db8::1");
    server.addresses("six.example.com", "2001:db8::2");

    assertThat(client.addresses("both.example.com"))
        .isEqualTo(new DnsAnswer.Records(List.of("192.0.2.1", "192.0.2.2", "2001:db8::1")));
    assertThat(client.addresses("six.example.com"))
        .isEqualTo(new DnsAnswer.Records(List.of("2001:db8::2")));
    assertThat(client.addresses("none.example.com")).isInstanceOf(DnsAnswer.Nothing.class);
  }

  private List<String> texts(String name) {
    return client.texts(name) instanceof DnsAnswer.Records(List<String> values)
        ? values
        : List.of(String.valueOf(client.texts(name)));
  }

  private static InetSocketAddress address(TestDnsServer server) {
    String[] parts = server.address().split(":", -1);
    return new InetSocketAddress(parts[0], Integer.parseInt(parts[1]));
  }
}
