package dev.gatehouse.gateway.outside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.Platform;
import dev.gatehouse.gateway.Platform.TestTenant;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many requests at once, by programs made for that: not one of them may fail. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LoadToolsIT {
  private Platform platform;
  private TestTenant tenant;
  private NginxUpstream nginx;
  private String path;

  @BeforeAll
  void start() throws Exception {
    platform = Platform.withTls();
    tenant = platform.tenant();
    nginx = NginxUpstream.start();
    // Whoever waits longer than a second is refused, which on a slow machine these tools would.
    String unlimited = ",\"concurrency\":{\"maxRequests\":1000}";
    path = platform.route(Services.of("nginx", nginx.port(), unlimited));
  }

  @AfterAll
  void stop() {
    platform.close();
    nginx.close();
  }

  private String url(String scheme) {
    int port =
        scheme.equals("https")
            ? platform.gateway.httpsPort().orElseThrow()
            : platform.gateway.httpPort();
    return scheme + "://127.0.0.1:" + port + path;
  }

  private String key() {
    return "X-API-Key: " + tenant.key().reveal();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void servesManyStreamsOfFewHttp2Connections(String scheme) throws Exception {
    String output =
        run(
            Program.H2LOAD.path(),
            "--requests=4000",
            "--clients=4",
            "--max-concurrent-streams=50",
            "--header=:authority: " + tenant.host(),
            "--header=" + key(),
            url(scheme));

    assertThat(output)
        .contains("4000 succeeded, 0 failed, 0 errored, 0 timeout")
        .contains("4000 2xx");
  }

  @Test
  void servesManyHttp1Connections() throws Exception {
    String output =
        run(
            Program.WRK.path(),
            "--threads",
            "1",
            "--connections",
            "64",
            "--duration",
            "2s",
            "--timeout",
            "30s",
            "--header",
            "Host: " + tenant.host(),
            "--header",
            key(),
            url("http"));

    assertThat(output)
        .contains("requests in")
        .doesNotContain("Non-2xx")
        .doesNotContain("Socket errors");
  }

  @Test
  void servesAStreamWithPaddingAndPriority() throws Exception {
    String output =
        run(
            Program.NGHTTP.path(),
            "--padding=200",
            "--weight=200",
            "--header=:authority: " + tenant.host(),
            "--header=" + key(),
            url("http"));

    assertThat(output).contains("\"method\":\"GET\"").contains(tenant.edge().id().toString());
  }

  /** Runs a program to its end, which must be a good one, and gives what it says. */
  static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(List.of(command).toString()).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }
}
