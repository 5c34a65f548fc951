package dev.gatehouse.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.backends.EmbeddedPostgres;
import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.controlplane.ControlPlane;
import dev.gatehouse.controlplane.ControlPlaneConfig;
import dev.gatehouse.controlplane.acme.AcmeConfig;
import dev.gatehouse.controlplane.api.RateLimitConfig;
import dev.gatehouse.controlplane.dns.TestDnsServer;
import dev.gatehouse.controlplane.domain.DomainConfig;
import dev.gatehouse.controlplane.key.SigningKeyConfig;
import dev.gatehouse.gateway.Gateway;
import dev.gatehouse.gateway.GatewayConfig;
import dev.gatehouse.gateway.GatewayConfig.AdminConfig;
import dev.gatehouse.gateway.GatewayConfig.ListenConfig;
import dev.gatehouse.gateway.GatewayConfig.TlsConfig;
import dev.gatehouse.gateway.client.ProxyConfig;
import dev.gatehouse.gateway.directory.FeedConfig;
import dev.gatehouse.gateway.tls.HttpsRedirect;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Certificates of custom domains from their order to their renewal: control plane, gateways, DNS
 * and an authority that asks.
 */
@Timeout(240)
@SuppressWarnings("NullAway.Init") // Each test starts what it needs.
class CertificateLifeIT {
  private static final String BASE_DOMAIN = "gatehouse.test";
  private static final String LOOPBACK = "127.0.0.1";
  private static final Duration LONG = Duration.ofDays(90);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<AutoCloseable> running = new ArrayList<>();
  private final List<ControlPlane> controlPlanes = new ArrayList<>();
  private final List<Gateway> gateways = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir private Path scratch;

  private TestDnsServer dns;
  private EmbeddedPostgres postgres;
  private Pebble authority;
  private String operatorToken;
  private String gatewayToken;

  /** With so many control planes and gateways; the authority asks the first gateway. */
  private void start(AcmeConfig.Challenge challenge, Duration validity, int ofEach)
      throws Exception {
    dns = running(TestDnsServer.start());
    int httpPort = freePort();
    int tlsPort = freePort();
    authority = running(Pebble.start(scratch, dns.address(), httpPort, tlsPort, validity));
    postgres = running(EmbeddedPostgres.start(scratch.resolve("postgres"), 0));
    for (int i = 0; i < ofEach; i++) {
      controlPlanes.add(running(ControlPlane.start(controlPlaneConfig(challenge, httpPort))));
      if (i == 0) {
        operatorToken = controlPlanes.getFirst().firstTokens().orElseThrow().operatorToken();
        gatewayToken = controlPlanes.getFirst().firstTokens().orElseThrow().gatewayToken();
      }
    }
    Pebble.ServerFiles otherwise = Pebble.ServerFiles.write(scratch, BASE_DOMAIN);
    for (int i = 0; i < ofEach; i++) {
      Gateway gateway =
          running(
              Gateway.start(
                  gatewayConfig(
                      i,
                      i == 0 ? httpPort : freePort(),
                      i == 0 ? tlsPort : freePort(),
                      otherwise)));
      gateway.awaitReady(Duration.ofSeconds(60));
      gateways.add(gateway);
    }
    HttpServer application =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    running.add(() -> application.stop(0));
    application.createContext(
        "/",
        exchange -> {
          byte[] slug =
              exchange
                  .getRequestHeaders()
                  .getFirst("X-Tenant-Slug")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, slug.length);
          exchange.getResponseBody().write(slug);
          exchange.close();
        });
    application.start();
    post(
        "/v1/services",
        "{\"name\":\"app\",\"endpoints\":[{\"host\":\"127.0.0.1\",\"port\":%d}]}"
            .formatted(application.getAddress().getPort()));
    post("/v1/routes", "{\"pathPrefix\":\"/\",\"service\":\"app\"}");
    post(
        "/v1/tenants",
        "{\"slug\":\"acme\",\"name\":\"Acme\",\"config\":{\"auth\":{\"methods\":[\"anonymous\"]}}}");
  }

  private <T extends AutoCloseable> T running(T started) {
    running.addFirst(started);
    return started;
  }

  private ControlPlaneConfig controlPlaneConfig(AcmeConfig.Challenge challenge, int challengePort) {
    DomainConfig defaults = DomainConfig.DEFAULT;
    DomainConfig domains =
        new DomainConfig(
            Optional.of(dns.address()),
            List.of(),
            Optional.empty(),
            List.of(),
            challengePort,
            List.of("127.0.0.0/8"),
            defaults.maxUnproved(),
            Duration.ofMillis(1),
            defaults.recheckEvery(),
            defaults.grace(),
            defaults.keepOldSubdomain());
    return new ControlPlaneConfig(
        new ControlPlaneConfig.Http(LOOPBACK, 0),
        new ControlPlaneConfig.DatabaseConfig(postgres.url(), 10),
        BASE_DOMAIN,
        Base64.getEncoder().encodeToString(new byte[32]),
        Optional.empty(),
        RateLimitConfig.DEFAULT,
        domains,
        SigningKeyConfig.DEFAULT,
        Optional.of(
            new AcmeConfig(
                authority.directory(),
                true,
                List.of("mailto:ops@gatehouse.test"),
                challenge,
                Optional.of(authority.ownCertificate()),
                Optional.empty(),
                1000)));
  }

  private GatewayConfig gatewayConfig(
      int number, int httpPort, int tlsPort, Pebble.ServerFiles otherwise) {
    GatewayConfig defaults =
        GatewayConfig.of(
            new Hostname(BASE_DOMAIN),
            new FeedConfig(
                URI.create("http://127.0.0.1:" + controlPlanes.get(number).port()), gatewayToken));
    return defaults
        .copy()
        .name(Optional.of("gateway-" + number))
        .http(new ListenConfig(LOOPBACK, httpPort))
        .https(
            Optional.of(
                new TlsConfig(
                    LOOPBACK,
                    tlsPort,
                    otherwise.certificate(),
                    otherwise.key(),
                    ProxyConfig.DEFAULT,
                    Optional.of(HttpsRedirect.DEFAULT),
                    Optional.empty())))
        .admin(new AdminConfig(LOOPBACK, 0))
        .eventLoops(Optional.of(1))
        .build();
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable one : running) {
      one.close();
    }
    http.close();
  }

  @Test
  void aProvedDomainIsServedWithACertificateOfItsOwn() throws Exception {
    start(AcmeConfig.Challenge.HTTP_01, LONG, 1);
    JsonNode added = post("/v1/tenants/acme/domains", "{\"host\":\"shop.example.com\"}");
    dns.cname("shop.example.com", added.path("records").path(1).path("value").asText());
    dns.addresses("acme." + BASE_DOMAIN, LOOPBACK);
    post("/v1/tenants/acme/domains/shop.example.com/verify", "");

    awaitCertificate("shop.example.com", "issued");
    assertThat(get("shop.example.com")).endsWith("acme");
    JsonNode kept = send("GET", "/v1/tenants/acme/certificates", "").path("items").path(0);
    assertThat(kept.path("source").asText()).isEqualTo("acme");
    assertThat(kept.path("host").asText()).isEqualTo("shop.example.com");
    assertThat(kept.path("names").path(0).asText()).isEqualTo("shop.example.com");
    assertThat(kept.toString()).doesNotContain("PRIVATE");

    send("DELETE", "/v1/tenants/acme/domains/shop.example.com", "");
    await(() -> send("GET", "/v1/tenants/acme/certificates", "").path("items").isEmpty());
  }

  @Test
  void whatTheAuthorityRefusesIsSaidAndTriedAgain() throws Exception {
    start(AcmeConfig.Challenge.HTTP_01, LONG, 1);
    String host = trusted("lost.example.com");
    awaitCertificate(host, "failed");
    String reason = certificate(host).path("reason").asText();
    assertThat(reason).startsWith("The certificate authority refuses: ").contains("tried again at");

    dns.addresses(host, LOOPBACK);
    sql("UPDATE job SET due_at = now() WHERE kind = 'order-certificate'");
    awaitCertificate(host, "issued");
    assertThat(get(host)).endsWith("acme");
    assertThat(count("SELECT failures FROM certificate_order")).isZero();
    assertThat(count("SELECT count(*) FROM acme_account")).isEqualTo(1);
  }

  @Test
  void aCertificateIsRenewedBeforeItEndsAndNobodyNotices() throws Exception {
    start(AcmeConfig.Challenge.TLS_ALPN_01, Duration.ofSeconds(30), 1);
    String host = trusted("brief.example.com");
    dns.addresses(host, LOOPBACK);
    sql("UPDATE job SET due_at = now() WHERE kind = 'order-certificate'");
    awaitCertificate(host, "issued");
    BigInteger first = serialAt(0, host);
    await(() -> {
      assertThat(get(host)).endsWith("acme");
      return !serialAt(0, host).equals(first);
    });
  }

  @Test
  void twoInstancesOrderEachOnce() throws Exception {
    start(AcmeConfig.Challenge.HTTP_01, LONG, 2);
    List<String> hosts = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      dns.addresses("host" + i + ".example.com", LOOPBACK);
      hosts.add(trusted("host" + i + ".example.com"));
    }
    for (String host : hosts) {
      awaitCertificate(host, "issued");
      await(() -> serialAt(0, host).equals(serialAt(1, host)));
    }
    assertThat(count("SELECT count(*) FROM certificate")).isEqualTo(hosts.size());
    assertThat(count("SELECT count(*) FROM audit.entry WHERE action = 'certificate.issued'"))
        .isEqualTo(hosts.size());
    assertThat(count("SELECT count(*) FROM audit.entry WHERE action = 'certificate.failed'"))
        .isZero();
    assertThat(count("SELECT count(*) FROM acme_account")).isEqualTo(1);
  }

  /** Adds a domain that an operator vouches for. */
  private String trusted(String host) throws Exception {
    post("/v1/tenants/acme/domains", "{\"host\":\"%s\",\"verification\":\"none\"}".formatted(host));
    return host;
  }

  private JsonNode certificate(String host) throws Exception {
    return send("GET", "/v1/tenants/acme/domains/" + host, "").path("certificate");
  }

  private void awaitCertificate(String host, String state) throws Exception {
    await(() -> certificate(host).path("state").asText().equals(state));
  }

  /** The whole answer over TLS, which must be verified for the host. */
  private String get(String host) throws Exception {
    try (SSLSocket socket = connect(0, host)) {
      socket
          .getOutputStream()
          .write(
              ("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private BigInteger serialAt(int gateway, String host) throws Exception {
    try (SSLSocket socket = connect(gateway, host)) {
      return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
    } catch (SSLHandshakeException notYet) {
      return BigInteger.valueOf(-1L - gateway);
    }
  }

  private SSLSocket connect(int gateway, String host) throws Exception {
    SSLContext trust = authority.trust();
    Socket plain =
        new Socket(
            InetAddress.getLoopbackAddress(), gateways.get(gateway).httpsPort().orElseThrow());
    SSLSocket socket =
        (SSLSocket) trust.getSocketFactory().createSocket(plain, host, plain.getPort(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(10_000);
    socket.startHandshake();
    return socket;
  }

  private void sql(String statement) throws Exception {
    try (Connection connection = DriverManager.getConnection(jdbc());
        Statement sql = connection.createStatement()) {
      sql.executeUpdate(statement);
    }
  }

  private long count(String query) throws Exception {
    try (Connection connection = DriverManager.getConnection(jdbc());
        Statement sql = connection.createStatement();
        ResultSet result = sql.executeQuery(query)) {
      result.next();
      return result.getLong(1);
    }
  }

  private String jdbc() {
    URI url = URI.create(postgres.url());
    String[] user = url.getUserInfo().split(":", 2);
    return "jdbc:postgresql://%s:%d%s?user=%s&password=%s"
        .formatted(url.getHost(), url.getPort(), url.getPath(), user[0], user[1]);
  }

  private JsonNode post(String path, String body) throws Exception {
    return send("POST", path, body);
  }

  private JsonNode send(String method, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + controlPlanes.getFirst().port() + path))
            .header("Authorization", "Bearer " + operatorToken)
            .header("Content-Type", "application/json")
            .header("Prefer", "wait=20")
            .timeout(Duration.ofSeconds(45))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
    assertThat(response.statusCode()).as(path + " " + response.body()).isBetween(200, 299);
    return JSON.readTree(response.body().isEmpty() ? "{}" : response.body());
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    while (!condition.call()) {
      LockSupport.parkNanos(50_000_000);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
