package dev.gatehouse.gateway.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.contract.edge.EdgeAcmeChallenge;
import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.gateway.Platform;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient;
import dev.gatehouse.gateway.RawClient.Response;
import dev.gatehouse.gateway.forward.ForwardConfig;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** A gateway that wants its clients to use TLS alone. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsOnlyTest {
  private static final String HSTS = "Strict-Transport-Security";

  private Platform platform;
  private TestTenant tenant;

  @BeforeAll
  void start() throws Exception {
    platform =
        Platform.withTls(
            ForwardConfig.DEFAULT,
            Optional.of(new HttpsRedirect(8443)),
            Optional.of(new HstsConfig(Duration.ofDays(365), true, false)));
    tenant = platform.tenant();
  }

  @AfterAll
  void stop() {
    platform.close();
  }

  private Response inTheClear(String line, String host) throws Exception {
    return RawClient.send(platform.gateway.httpPort(), line, "Host: " + host);
  }

  private Response secured(String... headers) throws Exception {
    return new TlsCaller(platform.gateway.httpsPort().orElseThrow(), null)
        .get(tenant.host(), tenant.host(), headers);
  }

  @Test
  void sendsWhoComesInTheClearToTheSamePlace() throws Exception {
    int before = platform.upstream.received().size();
    Response get = inTheClear("GET /a/b?c=d HTTP/1.1", tenant.host());
    assertThat(get.status()).isEqualTo(308);
    assertThat(get.header("Location")).isEqualTo("https://" + tenant.host() + ":8443/a/b?c=d");
    assertThat(inTheClear("DELETE / HTTP/1.1", tenant.host()).status()).isEqualTo(308);
    assertThat(inTheClear("GET / HTTP/1.1", "nobody.test").status()).isEqualTo(404);
    assertThat(platform.upstream.received()).hasSize(before);
    assertThat(get.header(HSTS)).as("RFC 6797 section 7.2").isEmpty();
  }

  @Test
  void answersChallengesInTheClear() throws Exception {
    String token = "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ";
    String answer = token + ".9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI";
    platform.feed.awaitApplied(
        platform.feed.put(
            new EdgeAcmeChallenge(
                new Hostname(tenant.host()),
                Optional.of(new EdgeAcmeChallenge.Http(token, answer)),
                Optional.empty())));
    Response asked =
        inTheClear("GET " + EdgeAcmeChallenge.PATH + token + " HTTP/1.1", tenant.host());
    assertThat(asked.status()).isEqualTo(200);
    assertThat(asked.body()).isEqualTo(answer);
  }

  @Test
  void tellsBrowsersToKeepToIt() throws Exception {
    String value = "max-age=31536000; includeSubDomains";
    assertThat(secured("X-API-Key: " + tenant.key().reveal()).header(HSTS)).isEqualTo(value);
    assertThat(secured().status()).isEqualTo(401);
    assertThat(secured().header(HSTS)).isEqualTo(value);
  }

  @Test
  void refusesAPromiseThatBrowsersWouldNotTake() {
    assertThatThrownBy(() -> new HstsConfig(Duration.ofDays(364), true, true))
        .hasMessageContaining("preload needs");
    assertThatThrownBy(() -> new HstsConfig(Duration.ofDays(-1), false, false))
        .hasMessageContaining("must not be negative");
    assertThat(new HstsConfig(Duration.ofDays(730), true, true).value())
        .isEqualTo("max-age=63072000; includeSubDomains; preload");
    assertThat(HttpsRedirect.DEFAULT.locationOf("a.test", "/")).isEqualTo("https://a.test/");
  }
}
