package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.security.SecurityEvent;
import dev.gatehouse.contract.security.SecurityEvent.Kind;
import dev.gatehouse.contract.security.SecurityReport;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.security.ProbingConfig;
import dev.gatehouse.gateway.security.SecurityConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the control plane is told of refused requests. */
@Timeout(60)
class SecurityEventsTest {
  private static final int PROBING_FROM = 5;

  /** Longer than a test: all that happens is in one window, which is handed in at the end. */
  private static final Duration ONE_WINDOW = Duration.ofHours(1);

  private Platform platform;

  private void start(Duration window) throws Exception {
    SecurityConfig security =
        new SecurityConfig(window, 50, 3, PROBING_FROM, ProbingConfig.DEFAULT);
    platform = new Platform(config -> Platform.with(config, security));
  }

  @BeforeEach
  void start() throws Exception {
    start(ONE_WINDOW);
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  @Test
  void tellsOfAKeyOfAnotherTenantAtTheOneWhereItWasTried() throws Exception {
    TestTenant tenant = platform.tenant();
    TestTenant other = platform.tenant();
    for (int i = 0; i < 3; i++) {
      assertThat(status(tenant.host(), key(other))).isEqualTo(401);
    }

    assertOnly(Kind.FOREIGN_CREDENTIAL, tenant, 3);
  }

  @Test
  void tellsOfAClientThatSaysWhoTheTenantIsAndServesIt() throws Exception {
    TestTenant tenant = platform.tenant();
    for (String header : new String[] {"X-Tenant-Id", "x_tenant.id", "X-TENANT-CONTEXT"}) {
      assertThat(status(tenant.host(), key(tenant), header + ": someone")).isEqualTo(200);
    }

    assertOnly(Kind.SPOOFED_TENANT, tenant, 3);
  }

  @Test
  void tellsOfResponsesThatWereMadeForAnotherTenant() throws Exception {
    TestTenant tenant = platform.tenant();
    for (int i = 0; i < 2; i++) {
      assertThat(statusAt("/?mode=stamp-other", tenant.host(), key(tenant))).isEqualTo(502);
    }

    assertOnly(Kind.FOREIGN_RESPONSE, tenant, 2);
  }

  @Test
  void saysNothingOfFewUnknownHostsOrFailedAuthentications() throws Exception {
    TestTenant tenant = platform.tenant();
    status("nobody.example.org", "Accept: */*");
    status(tenant.host(), "X-API-Key: nonsense");
    status(tenant.host(), key(tenant), "X-Tenant-Id: a");

    assertOnly(Kind.SPOOFED_TENANT, tenant, 1);
  }

  @Test
  void tellsOfManyUnknownHostsFromOneAddress() throws Exception {
    for (int i = 0; i < PROBING_FROM; i++) {
      status("nobody-" + i + ".example.org", "Accept: */*");
    }

    SecurityEvent event = handedIn();

    assertThat(event.kind()).isEqualTo(Kind.PROBING_HOSTS);
    assertThat(event.tenant()).isEmpty();
    assertThat(event.address()).isEqualTo("127.0.0.1");
    assertThat(event.count()).isEqualTo(PROBING_FROM);
  }

  /** What was told and what was thrown away, and said to be so, is all that happened. */
  @Test
  void keepsReportsThroughAnOutageWithinABound() throws Exception {
    platform.close();
    start(Duration.ofMillis(400));
    TestTenant tenant = platform.tenant();
    platform.feed.takeReports(false);
    long sent = 0;
    while (metric("gatehouse_security_events_dropped_total") == 0) {
      status(tenant.host(), key(tenant), "X-Tenant-Id: a");
      sent++;
      assertThat(metric("gatehouse_security_reports_pending")).isLessThanOrEqualTo(3);
    }
    platform.feed.takeReports(true);

    long told = 0;
    long sequence = 0;
    UUID run = null;
    while (told < sent) {
      SecurityReport report = platform.feed.nextReport();
      assertThat(report.sequence()).isGreaterThan(sequence);
      assertThat(run == null || report.run().equals(run)).isTrue();
      sequence = report.sequence();
      run = report.run();
      told += report.dropped();
      told += report.events().stream().mapToLong(SecurityEvent::count).sum();
    }
    assertThat(told).isEqualTo(sent);
  }

  private void assertOnly(Kind kind, TestTenant tenant, long count) throws Exception {
    SecurityEvent event = handedIn();
    assertThat(event.kind()).isEqualTo(kind);
    assertThat(event.tenant()).contains(tenant.edge().id());
    assertThat(event.address()).isEqualTo("127.0.0.1");
    assertThat(event.from()).isBefore(event.to());
    assertThat(event.count()).isEqualTo(count);
  }

  /** The only event that the gateway tells of when it stops. */
  private SecurityEvent handedIn() throws InterruptedException {
    platform.gateway.close();
    SecurityReport report = platform.feed.nextReport();
    assertThat(report.events()).hasSize(1);
    return report.events().getFirst();
  }

  private int status(String host, String... headers) throws IOException {
    return statusAt("/", host, headers);
  }

  private int statusAt(String target, String host, String... headers) throws IOException {
    String[] lines = new String[headers.length + 2];
    lines[0] = "GET " + target + " HTTP/1.1";
    lines[1] = "Host: " + host;
    System.arraycopy(headers, 0, lines, 2, headers.length);
    return RawClient.send(platform.gateway.httpPort(), lines).status();
  }

  private static String key(TestTenant tenant) {
    return "X-API-Key: " + tenant.key().reveal();
  }

  private double metric(String name) throws Exception {
    URI metrics = URI.create("http://127.0.0.1:" + platform.gateway.adminPort() + "/metrics");
    try (HttpClient client = HttpClient.newHttpClient()) {
      String text =
          client
              .send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
              .body();
      Matcher line =
          Pattern.compile("^" + name + "(\\{.*})? (.*)$", Pattern.MULTILINE).matcher(text);
      return line.find() ? Double.parseDouble(line.group(2)) : 0;
    }
  }
}
