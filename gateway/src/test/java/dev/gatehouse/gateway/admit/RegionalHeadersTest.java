package dev.gatehouse.gateway.admit;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What crosses between gateways of two regions, and what goes no further than the second one. */
@Timeout(10)
class RegionalHeadersTest {
  private static MultiMap headers(String... namesAndValues) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    return headers;
  }

  private static final String KEY = "gh_0123456789abcdef_" + "x".repeat(43);

  @Test
  void theOtherGatewayGetsCredentialsAndTheGatewaysCookies() {
    MultiMap to = MultiMap.caseInsensitiveMultiMap();
    ForwardableHeaders.copyToGateway(
        headers(
            "X-API-Key",
            KEY,
            "Authorization",
            "Bearer " + KEY,
            "Cookie",
            "__Host-gatehouse-session=a; theme=dark",
            "Accept",
            "*/*"),
        null,
        to);

    assertThat(to.get("X-API-Key")).isEqualTo(KEY);
    assertThat(to.get("Authorization")).isEqualTo("Bearer " + KEY);
    assertThat(to.get("Cookie")).isEqualTo("__Host-gatehouse-session=a; theme=dark");
    assertThat(to.get("Accept")).isEqualTo("*/*");
  }

  @Test
  void theOtherGatewayGetsNothingThatOnlyAGatewaySays() {
    MultiMap to = MultiMap.caseInsensitiveMultiMap();
    ForwardableHeaders.copyToGateway(
        headers(
            "X-Tenant-Id", "evil",
            "x_tenant_id", "evil",
            "Forwarded", "for=6.6.6.6",
            "X-Forwarded-For", "6.6.6.6",
            "X-Real-IP", "6.6.6.6",
            "X-Original-URL", "/admin",
            "Client-Cert", ":AA==:",
            "Gatehouse-Passed-On", "1",
            "Transfer-Encoding", "chunked",
            "Connection", "X-Gone",
            "X-Gone", "1"),
        "X-Gone",
        to);

    assertThat(to.isEmpty()).as(to.toString()).isTrue();
  }

  @Test
  void noServiceSeesThatARequestWasPassedOn() {
    MultiMap to = MultiMap.caseInsensitiveMultiMap();
    ForwardableHeaders.copyToUpstream(headers("GATEHOUSE-passed-on", "1"), null, to);

    assertThat(to.isEmpty()).isTrue();
  }

  @Test
  void theClientGetsTheCookiesThatTheOtherGatewaySets() {
    MultiMap answer = headers("Set-Cookie", "__Host-gatehouse-session=a", "Connection", "close");
    MultiMap fromGateway = MultiMap.caseInsensitiveMultiMap();
    MultiMap fromService = MultiMap.caseInsensitiveMultiMap();
    ForwardableHeaders.copyFromGateway(answer, fromGateway);
    ForwardableHeaders.copyToClient(answer, fromService);

    assertThat(fromGateway.get("Set-Cookie")).isEqualTo("__Host-gatehouse-session=a");
    assertThat(fromGateway.contains("Connection")).isFalse();
    assertThat(fromService.isEmpty()).isTrue();
  }
}
