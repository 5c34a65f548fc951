package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.net.AddressRange;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RecordingUpstream.Received;
import dev.gatehouse.gateway.client.AddressHeader;
import dev.gatehouse.gateway.client.ProxyConfig;
import dev.gatehouse.gateway.client.ProxyProtocol;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the upstream is told of where a request came from, with a trusted proxy before us. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrustedProxiesTest {
  private Platform older;
  private Platform rfc7239;
  private TestTenant olderTenant;
  private TestTenant rfc7239Tenant;

  @BeforeAll
  void start() throws Exception {
    older = behind(AddressHeader.X_FORWARDED_FOR);
    rfc7239 = behind(AddressHeader.FORWARDED);
    olderTenant = older.tenant();
    rfc7239Tenant = rfc7239.tenant();
  }

  @AfterAll
  void stop() {
    older.close();
    rfc7239.close();
  }

  private static Platform behind(AddressHeader header) throws Exception {
    List<AddressRange> trusted =
        List.of(
            AddressRange.parse("127.0.0.1"),
            AddressRange.parse("10.0.0.0/8"),
            AddressRange.parse("2001:db8::/32"));
    return new Platform(
        config -> Platform.behind(config, new ProxyConfig(trusted, header, ProxyProtocol.OFF)));
  }

  private static Received send(Platform platform, TestTenant tenant, String... headers)
      throws Exception {
    RawClient.send(
        platform.gateway.httpPort(),
        "GET / HTTP/1.1",
        "Host: " + tenant.host(),
        "X-API-Key: " + tenant.key().reveal(),
        String.join("\r\n", headers));
    return platform.upstream.last();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          192.0.2.7                        | 192.0.2.7, 127.0.0.1
          6.6.6.6, 192.0.2.7               | 192.0.2.7, 127.0.0.1
          6.6.6.6, 192.0.2.7, 10.1.2.3     | 192.0.2.7, 10.1.2.3, 127.0.0.1
          10.1.2.3, 10.1.2.4               | 10.1.2.3, 10.1.2.4, 127.0.0.1
          192.0.2.7:4711                   | 192.0.2.7, 127.0.0.1
          [2001:DB9::7]:4711, 2001:db8::1  | 2001:db9::7, 2001:db8::1, 127.0.0.1
          ::ffff:192.0.2.7                 | 192.0.2.7, 127.0.0.1
          unknown                          | 127.0.0.1
          192.0.2.7, , 10.1.2.3            | 127.0.0.1
          192.0.2.7, 10.1.2.3;10.1.2.4     | 127.0.0.1
          """)
  void takesTheNearestAddressThatIsNoTrustedProxys(String sent, String told) throws Exception {
    Received received = send(older, olderTenant, "X-Forwarded-For: " + sent);

    assertThat(received.values("X-Forwarded-For")).containsExactly(told);
  }

  @Test
  void tellsTheWholeTrustedWayInBothHeaders() throws Exception {
    Received received =
        send(
            older,
            olderTenant,
            "X-Forwarded-For: 2001:db9::7",
            "X-Forwarded-For: 10.1.2.3",
            "X-Forwarded-Proto: https",
            "Forwarded: for=6.6.6.6;proto=gopher");

    assertThat(received.values("X-Forwarded-Proto")).containsExactly("https");
    assertThat(received.values("Forwarded"))
        .containsExactly(
            "for=\"[2001:db9::7]\";host=\""
                + olderTenant.host()
                + "\";proto=https, for=10.1.2.3, for=127.0.0.1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          for=192.0.2.7                                            | 192.0.2.7, 127.0.0.1           | http
          For="192.0.2.7:80";proto=HTTPS;by=_me                    | 192.0.2.7, 127.0.0.1           | https
          for=6.6.6.6, for="[2001:db9::7]:8";proto=https, for=10.1.2.3 | 2001:db9::7, 10.1.2.3, 127.0.0.1 | https
          for=_hidden;proto=https                                  | 127.0.0.1                      | http
          for="192.0.2.7                                           | 127.0.0.1                      | http
          192.0.2.7                                                | 127.0.0.1                      | http
          """)
  void readsTheStandardHeaderWhereThatIsTrusted(String sent, String told, String scheme)
      throws Exception {
    Received received =
        send(rfc7239, rfc7239Tenant, "Forwarded: " + sent, "X-Forwarded-For: 6.6.6.6");

    assertThat(received.values("X-Forwarded-For")).containsExactly(told);
    assertThat(received.values("X-Forwarded-Proto")).containsExactly(scheme);
  }
}
