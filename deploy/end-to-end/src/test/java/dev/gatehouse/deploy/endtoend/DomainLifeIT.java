package dev.gatehouse.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.backends.EmbeddedPostgres;
import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.controlplane.ControlPlane;
import dev.gatehouse.controlplane.ControlPlaneConfig;
import dev.gatehouse.controlplane.api.RateLimitConfig;
import dev.gatehouse.controlplane.dns.TestDnsServer;
import dev.gatehouse.controlplane.domain.DomainConfig;
import dev.gatehouse.gateway.Gateway;
import dev.gatehouse.gateway.GatewayConfig;
import dev.gatehouse.gateway.GatewayConfig.AdminConfig;
import dev.gatehouse.gateway.GatewayConfig.ListenConfig;
import dev.gatehouse.gateway.directory.FeedConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Domains from when they are added to when they are lost: control plane, gateway and DNS. */
@Timeout(240)
class DomainLifeIT {
  private static final String BASE_DOMAIN = "gatehouse.test";
  private static final String LOOPBACK = "127.0.0.1";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final TestDnsServer dns = TestDnsServer.start();

  @TempDir private Path scratch;

  private EmbeddedPostgres postgres;
  private HttpServer application;
  private ControlPlane controlPlane;
  private Gateway gateway;
  private RawHttp edge;

  @BeforeEach
  void start() throws Exception {
    postgres = EmbeddedPostgres.start(scratch.resolve("postgres"), 0);
    application = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    application.createContext(
        "/",
        exchange -> {
          String tenant = exchange.getRequestHeaders().getFirst("X-Tenant-Slug");
          byte[] slug = tenant.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, slug.length);
          exchange.getResponseBody().write(slug);
          exchange.close();
        });
    application.start();
    int gatewayPort = freePort();
    controlPlane = ControlPlane.start(controlPlaneConfig(gatewayPort));
    gateway = Gateway.start(gatewayConfig(gatewayPort));
    gateway.awaitReady(Duration.ofSeconds(60));
    edge = new RawHttp(gatewayPort);
    int port = application.getAddress().getPort();
    post(
        "/v1/services",
        "{\"name\":\"app\",\"endpoints\":[{\"host\":\"127.0.0.1\",\"port\":%d}]}".formatted(port));
    post("/v1/routes", "{\"pathPrefix\":\"/\",\"service\":\"app\"}");
    tenant("acme");
    dns.addresses("acme." + BASE_DOMAIN, LOOPBACK);
  }

  private ControlPlaneConfig controlPlaneConfig(int gatewayPort) {
    DomainConfig domains =
        new DomainConfig(
            Optional.of(dns.address()),
            List.of(),
            Optional.empty(),
            List.of(),
            gatewayPort,
            List.of("127.0.0.0/8"),
            20,
            Duration.ofMillis(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(3),
            Duration.ofDays(30));
    return new ControlPlaneConfig(
        new ControlPlaneConfig.Http(LOOPBACK, 0),
        new ControlPlaneConfig.DatabaseConfig(postgres.url(), 10),
        BASE_DOMAIN,
        Base64.getEncoder().encodeToString(new byte[32]),
        Optional.empty(),
        RateLimitConfig.DEFAULT,
        domains);
  }

  private GatewayConfig gatewayConfig(int port) {
    GatewayConfig defaults =
        GatewayConfig.of(
            new Hostname(BASE_DOMAIN),
            new FeedConfig(
                URI.create("http://127.0.0.1:" + controlPlane.port()),
                controlPlane.firstTokens().orElseThrow().gatewayToken()));
    return defaults
        .copy()
        .http(new ListenConfig(LOOPBACK, port))
        .admin(new AdminConfig(LOOPBACK, 0))
        .eventLoops(Optional.of(1))
        .build();
  }

  @AfterEach
  void stop() {
    gateway.close();
    controlPlane.close();
    application.stop(0);
    postgres.close();
    dns.close();
  }

  @Test
  void aDomainThatLeadsHereIsServedFromItsProofUntilItLeadsElsewhere() throws Exception {
    JsonNode added = post("/v1/tenants/acme/domains", "{\"host\":\"shop.example.com\"}");
    assertThat(status("shop.example.com")).isEqualTo(404);

    // The gateway answers the challenge by itself once the name leads to it.
    JsonNode traffic = added.path("records").path(1);
    assertThat(traffic.path("type").asText()).isEqualTo("CNAME");
    dns.cname("shop.example.com", traffic.path("value").asText());
    post("/v1/tenants/acme/domains/shop.example.com/verify", "");
    await(() -> status("shop.example.com") == 200);
    assertThat(edge.get("shop.example.com", "/", "").text()).endsWith("acme");
    assertThat(ownership("acme", "shop.example.com").path("provedBy").asText()).isEqualTo("http");

    dns.cname("shop.example.com", "elsewhere.example.net");
    dns.addresses("elsewhere.example.net", "192.0.2.80");
    await(() -> ownership("acme", "shop.example.com").has("failingSince"));
    assertThat(status("shop.example.com")).isEqualTo(200);
    await(() -> status("shop.example.com") == 404);
    assertThat(ownership("acme", "shop.example.com").path("state").asText()).isEqualTo("lost");
  }

  @Test
  void aDomainMovesInWithoutAGapAndFromOneTenantToAnother() throws Exception {
    JsonNode first = post("/v1/tenants/acme/domains", "{\"host\":\"www.example.org\"}");
    dns.txt("_gatehouse-challenge.www.example.org", token(first));
    await(() -> status("www.example.org") == 200);

    // Whoever controls the name lets it go to another tenant.
    tenant("globex");
    JsonNode second = post("/v1/tenants/globex/domains", "{\"host\":\"www.example.org\"}");
    dns.txt("_gatehouse-challenge.www.example.org", token(first), token(second));
    await(() -> ownership("globex", "www.example.org").path("reason").asText().contains("another"));
    assertThat(edge.get("www.example.org", "/", "").text()).endsWith("acme");
    dns.txt("_gatehouse-challenge.www.example.org", token(second));
    post("/v1/tenants/globex/domains/www.example.org/verify", "");
    await(() -> edge.get("www.example.org", "/", "").text().endsWith("globex"));
    assertThat(ownership("acme", "www.example.org").path("state").asText()).isEqualTo("lost");
  }

  @Test
  void aWildcardServesAndOldNamesLeadOn() throws Exception {
    JsonNode wildcard = post("/v1/tenants/acme/domains", "{\"host\":\"*.example.net\"}");
    dns.txt("_gatehouse-challenge.example.net", token(wildcard));
    await(() -> status("any.example.net") == 200);

    send("PATCH", "/v1/tenants/acme", "{\"slug\":\"umbrella\"}");
    RawHttp.Answer moved = edge.get("acme." + BASE_DOMAIN, "/a?b=c", "");
    assertThat(moved.status()).isEqualTo(308);
    assertThat(moved.text().toLowerCase(Locale.ROOT))
        .contains("location: http://umbrella." + BASE_DOMAIN + "/a?b=c\r\n");
    assertThat(status("umbrella." + BASE_DOMAIN)).isEqualTo(200);
  }

  private int status(String host) throws Exception {
    return edge.get(host, "/", "").status();
  }

  private JsonNode ownership(String tenant, String host) throws Exception {
    return send("GET", "/v1/tenants/" + tenant + "/domains/" + host, "").path("ownership");
  }

  private static String token(JsonNode added) {
    return added.path("records").path(0).path("value").asText();
  }

  private void tenant(String slug) throws Exception {
    post(
        "/v1/tenants",
        "{\"slug\":\"%s\",\"name\":\"%s\",\"config\":{\"auth\":{\"methods\":[\"anonymous\"]}}}"
            .formatted(slug, slug));
  }

  private JsonNode post(String path, String body) throws Exception {
    return send("POST", path, body);
  }

  private JsonNode send(String method, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + controlPlane.port() + path))
            .header(
                "Authorization",
                "Bearer " + controlPlane.firstTokens().orElseThrow().operatorToken())
            .header(
                "Content-Type",
                method.equals("PATCH") ? "application/merge-patch+json" : "application/json")
            .header("Prefer", "wait=20")
            .timeout(Duration.ofSeconds(45))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
    assertThat(response.statusCode()).as(path + " " + response.body()).isBetween(200, 299);
    return JSON.readTree(response.body());
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    while (!condition.call()) {
      LockSupport.parkNanos(50_000_000);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
