package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.contract.net.AddressRange;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.client.AddressHeader;
import dev.gatehouse.gateway.client.ProxyConfig;
import dev.gatehouse.gateway.client.ProxyProtocol;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections that begin with a PROXY protocol header, and those that should and do not. */
@Timeout(60)
class ProxyProtocolTest {
  private static final String VERSION_1 = "PROXY TCP4 192.0.2.7 127.0.0.1 4711 80\r\n";

  /** 192.0.2.7:4711 to 127.0.0.1:80 over TCP/IPv4. */
  private static final String VERSION_2 =
      bytes("0d0a0d0a000d0a515549540a" + "2111000c" + "c00002077f00000112670050");

  /** From the proxy itself. */
  private static final String LOCAL = bytes("0d0a0d0a000d0a515549540a" + "20000000");

  private static String bytes(String hex) {
    return new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
  }

  private static Platform platform(ProxyProtocol protocol, String trusted) throws Exception {
    ProxyConfig proxies =
        new ProxyConfig(
            List.of(AddressRange.parse(trusted)), AddressHeader.X_FORWARDED_FOR, protocol);
    return new Platform(config -> Platform.behind(config, proxies));
  }

  private static String request(TestTenant tenant, String... headers) {
    return "GET / HTTP/1.1\r\nHost: %s\r\nX-API-Key: %s\r\n%s\r\n"
        .formatted(tenant.host(), tenant.key().reveal(), String.join("", List.of(headers)));
  }

  private static List<String> addressesAfter(Platform platform, String header, String... headers)
      throws Exception {
    TestTenant tenant = platform.tenant();
    try (RawClient client = new RawClient(platform.gateway.httpPort())) {
      client.write(header + request(tenant, headers));
      assertThat(client.read().status()).isEqualTo(200);
    }
    return platform.upstream.last().values("X-Forwarded-For");
  }

  @Test
  void takesTheAddressThatATrustedProxyGives() throws Exception {
    try (Platform platform = platform(ProxyProtocol.REQUIRED, "127.0.0.0/8")) {
      assertThat(addressesAfter(platform, VERSION_1)).containsExactly("192.0.2.7");
      assertThat(addressesAfter(platform, VERSION_2)).containsExactly("192.0.2.7");
      assertThat(addressesAfter(platform, LOCAL)).containsExactly("127.0.0.1");
      assertThat(addressesAfter(platform, VERSION_1, "X-Forwarded-For: 6.6.6.6\r\n"))
          .containsExactly("192.0.2.7");
    }
  }

  /** The first request is in the same packet as the header. */
  @Test
  void readsTheFirstRequestStrictly() throws Exception {
    try (Platform platform = platform(ProxyProtocol.REQUIRED, "127.0.0.0/8")) {
      for (String header : List.of(VERSION_1, VERSION_2)) {
        try (RawClient client = new RawClient(platform.gateway.httpPort())) {
          client.write(header + request(platform.tenant(), "X-A: a\r\n b\r\n"));

          assertThat(client.read().status()).isEqualTo(400);
          assertThat(client.isClosedByPeer()).isTrue();
        }
      }
      assertThat(platform.upstream.received()).isEmpty();
    }
  }

  @Test
  void closesATrustedProxysConnectionWithoutAHeader() throws Exception {
    try (Platform platform = platform(ProxyProtocol.REQUIRED, "127.0.0.0/8");
        RawClient client = new RawClient(platform.gateway.httpPort())) {
      client.write(request(platform.tenant()));

      assertThat(client.isClosedByPeer()).isTrue();
      assertThat(platform.upstream.received()).isEmpty();
    }
  }

  @Test
  void closesAStrangersConnectionWhateverItBeginsWith() throws Exception {
    try (Platform platform = platform(ProxyProtocol.REQUIRED, "192.0.2.0/24");
        RawClient proxied = new RawClient(platform.gateway.httpPort());
        RawClient plain = new RawClient(platform.gateway.httpPort())) {
      proxied.write(VERSION_1 + request(platform.tenant()));
      plain.write(request(platform.tenant()));

      assertThat(proxied.isClosedByPeer()).isTrue();
      assertThat(plain.isClosedByPeer()).isTrue();
      assertThat(platform.upstream.received()).isEmpty();
    }
  }

  @Test
  void readsNoHeaderWhereTheProtocolIsOff() throws Exception {
    try (Platform platform = platform(ProxyProtocol.OFF, "127.0.0.0/8");
        RawClient first = new RawClient(platform.gateway.httpPort());
        RawClient second = new RawClient(platform.gateway.httpPort())) {
      first.write(VERSION_1 + request(platform.tenant()));
      second.write(VERSION_2 + request(platform.tenant()));

      assertThat(first.isClosedByPeer()).isTrue();
      assertThat(second.isClosedByPeer()).isTrue();
      assertThat(platform.upstream.received()).isEmpty();
    }
  }

  @Test
  void cannotBeRequiredOfNobody() {
    assertThatThrownBy(
            () -> new ProxyConfig(List.of(), AddressHeader.X_FORWARDED_FOR, ProxyProtocol.REQUIRED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("trusted");
  }
}
