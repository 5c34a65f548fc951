package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.security.SecurityEvent;
import dev.gatehouse.contract.security.SecurityEvent.Kind;
import dev.gatehouse.contract.security.SecurityReport;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.security.SecurityConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
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

  private final Deque<SecurityEvent> events = new ArrayDeque<>();
  private Platform platform;

  @BeforeEach
  void start() throws Exception {
    SecurityConfig often = new SecurityConfig(Duration.ofMillis(400), 50, 3, PROBING_FROM);
    platform = new Platform(config -> Platform.with(config, often));
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

    awaitCount(Kind.FOREIGN_CREDENTIAL, tenant, 3);
  }

  @Test
  void tellsOfAClientThatSaysWhoTheTenantIsAndServesIt() throws Exception {
    TestTenant tenant = platform.tenant();
    for (String header : new String[] {"X-Tenant-Id", "x_tenant.id", "X-TENANT-CONTEXT"}) {
      assertThat(status(tenant.host(), key(tenant), header + ": someone")).isEqualTo(200);
    }

    awaitCount(Kind.SPOOFED_TENANT, tenant, 3);
  }

  @Test
  void saysNothingOfFewUnknownHostsOrFailedAuthentications() throws Exception {
    TestTenant tenant = platform.tenant();
    status("nobody.example.org", "Accept: */*");
    status(tenant.host(), "X-API-Key: nonsense");
    status(tenant.host(), key(tenant), "X-Tenant-Id: a");

    SecurityEvent first = next();

    assertThat(first.kind()).isEqualTo(Kind.SPOOFED_TENANT);
    assertThat(events).isEmpty();
  }

  @Test
  void tellsOfManyUnknownHostsFromOneAddress() throws Exception {
    long sent = 0;
    platform.feed.takeReports(false);
    while (metric("gatehouse_security_reports_pending") == 0) {
      status("nobody-" + sent + ".example.org", "Accept: */*");
      sent++;
    }
    platform.feed.takeReports(true);

    SecurityEvent event = next();

    assertThat(event.kind()).isEqualTo(Kind.PROBING_HOSTS);
    assertThat(event.tenant()).isEmpty();
    assertThat(event.address()).isEqualTo("127.0.0.1");
    assertThat(event.count()).isBetween((long) PROBING_FROM, sent);
  }

  /** What was told and what was thrown away, and said to be so, is all that happened. */
  @Test
  void keepsReportsThroughAnOutageWithinABound() throws Exception {
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

  @Test
  void handsInTheLastWindowWhenItStops() throws Exception {
    TestTenant tenant = platform.tenant();
    status(tenant.host(), key(tenant), "X-Tenant-Id: a");
    platform.gateway.close();

    awaitCount(Kind.SPOOFED_TENANT, tenant, 1);
  }

  private void awaitCount(Kind kind, TestTenant tenant, long expected) throws Exception {
    long count = 0;
    while (count < expected) {
      SecurityEvent event = next();
      assertThat(event.kind()).isEqualTo(kind);
      assertThat(event.tenant()).contains(tenant.edge().id());
      assertThat(event.address()).isEqualTo("127.0.0.1");
      assertThat(event.from()).isBefore(event.to());
      count += event.count();
    }
    assertThat(count).isEqualTo(expected);
  }

  private SecurityEvent next() throws InterruptedException {
    while (events.isEmpty()) {
      events.addAll(platform.feed.nextReport().events());
    }
    return events.remove();
  }

  private int status(String host, String... headers) throws IOException {
    String[] lines = new String[headers.length + 2];
    lines[0] = "GET / HTTP/1.1";
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
