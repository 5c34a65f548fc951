package dev.gatehouse.gateway.admit;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class GatewayCookiesTest {
  private static final String OURS = GatewayCookies.SESSION;

  private static MultiMap cookies(String... lines) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    for (String line : lines) {
      headers.add("Cookie", line);
    }
    return headers;
  }

  @Test
  void findsOneWhereverItIs() {
    assertThat(GatewayCookies.find(cookies("a=b; " + OURS + "=x; c=d"), OURS)).contains("x");
    assertThat(GatewayCookies.find(cookies("a=b", OURS + "=x"), OURS)).contains("x");
    assertThat(GatewayCookies.find(cookies("a=" + OURS + "=x"), OURS)).isEmpty();
    assertThat(GatewayCookies.find(cookies(), OURS)).isEmpty();
  }

  @Test
  void trustsNoneOfTwo() {
    assertThat(GatewayCookies.find(cookies(OURS + "=x; " + OURS + "=y"), OURS)).isEmpty();
    assertThat(GatewayCookies.find(cookies(OURS + "=x", OURS + "=y"), OURS)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a=b|a=b",
        "__Host-gatehouse-session=x|''",
        "a=b; __Host-gatehouse-session=x; c=d|a=b; c=d",
        "__Host-gatehouse-login-1=x;a=b;|a=b",
        "__Host-other=x; __Host-gatehouse-any=y|__Host-other=x"
      })
  void keepsItsOwnFromTheUpstream(String sent, String passed) {
    MultiMap to = MultiMap.caseInsensitiveMultiMap();
    ForwardableHeaders.copyToUpstream(cookies(sent), null, to);
    assertThat(String.join("; ", to.getAll("Cookie"))).isEqualTo(passed);
  }

  @Test
  void letsNoUpstreamSetThem() {
    MultiMap from = MultiMap.caseInsensitiveMultiMap();
    from.add("Set-Cookie", "theme=dark").add("Set-Cookie", OURS + "=stolen; Path=/; Secure");
    MultiMap to = MultiMap.caseInsensitiveMultiMap();
    ForwardableHeaders.copyToClient(from, to);
    assertThat(to.getAll("Set-Cookie")).containsExactly("theme=dark");
  }

  @Test
  void bindsThemToOneHost() {
    assertThat(GatewayCookies.set(OURS, "x", Optional.of(Duration.ofMinutes(1))))
        .isEqualTo(OURS + "=x; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=60");
    assertThat(GatewayCookies.clear(OURS)).endsWith("; Max-Age=0");
  }
}
