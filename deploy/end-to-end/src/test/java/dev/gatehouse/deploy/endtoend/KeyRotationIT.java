package dev.gatehouse.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.backends.EmbeddedPostgres;
import dev.gatehouse.contract.context.TenantContext;
import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.controlplane.ControlPlane;
import dev.gatehouse.controlplane.ControlPlaneConfig;
import dev.gatehouse.controlplane.api.RateLimitConfig;
import dev.gatehouse.controlplane.domain.DomainConfig;
import dev.gatehouse.controlplane.key.SigningKeyConfig;
import dev.gatehouse.gateway.Gateway;
import dev.gatehouse.gateway.GatewayConfig;
import dev.gatehouse.gateway.GatewayConfig.AdminConfig;
import dev.gatehouse.gateway.GatewayConfig.ListenConfig;
import dev.gatehouse.gateway.directory.FeedConfig;
import dev.gatehouse.gateway.sign.SignConfig;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Keys change while requests run: control plane, gateway and an application that verifies. */
@Timeout(120)
@SuppressWarnings("NullAway.Init") // Each test starts them, with its own settings.
class KeyRotationIT {
  private static final String BASE_DOMAIN = "gatehouse.test";
  private static final String LOOPBACK = "127.0.0.1";
  private static final int CLIENTS = 4;
  private static final int ROTATIONS = 4;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final AtomicInteger answers = new AtomicInteger();
  private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean stopping;

  @TempDir private Path scratch;

  private EmbeddedPostgres postgres;
  private ControlPlane controlPlane;
  private Gateway gateway;
  private CheckingApplication application;

  private void start(Duration rotateEvery) throws Exception {
    postgres = EmbeddedPostgres.start(scratch.resolve("postgres"), 0);
    controlPlane =
        ControlPlane.start(
            new ControlPlaneConfig(
                new ControlPlaneConfig.Http(LOOPBACK, 0),
                new ControlPlaneConfig.DatabaseConfig(postgres.url(), 10),
                BASE_DOMAIN,
                Base64.getEncoder().encodeToString(new byte[32]),
                Optional.empty(),
                RateLimitConfig.DEFAULT,
                DomainConfig.DEFAULT,
                new SigningKeyConfig(
                    rotateEvery,
                    Duration.ofMillis(300),
                    Duration.ofMinutes(2),
                    Duration.ofMillis(100)),
                Optional.empty()));
    application =
        new CheckingApplication(
            URI.create("http://127.0.0.1:" + controlPlane.port() + TenantContext.JWKS_PATH));
    gateway = Gateway.start(gatewayConfig());
    gateway.awaitReady(Duration.ofSeconds(60));
    post(
        "/v1/services",
        """
        {"name": "app", "endpoints": [{"host": "127.0.0.1", "port": %d}],
         "messageSignature": {"algorithm": "ed25519", "contentDigest": 1000}}
        """
            .formatted(application.port()));
    post("/v1/routes", "{\"pathPrefix\":\"/\",\"service\":\"app\"}");
    post(
        "/v1/tenants",
        """
        {"slug": "acme", "name": "Acme", "config": {"auth": {"methods": ["anonymous"]}}}
        """);
  }

  /** Every request gets a context of its own, so that none hides behind an earlier one. */
  private GatewayConfig gatewayConfig() {
    GatewayConfig defaults =
        GatewayConfig.of(
            new Hostname(BASE_DOMAIN),
            new FeedConfig(
                URI.create("http://127.0.0.1:" + controlPlane.port()),
                controlPlane.firstTokens().orElseThrow().gatewayToken()));
    return defaults
        .copy()
        .http(new ListenConfig(LOOPBACK, 0))
        .admin(new AdminConfig(LOOPBACK, 0))
        .eventLoops(Optional.of(1))
        .sign(new SignConfig(Duration.ofSeconds(10), 0))
        .build();
  }

  @AfterEach
  void stop() {
    stopping = true;
    clients.close();
    gateway.close();
    application.close();
    controlPlane.close();
    postgres.close();
    http.close();
  }

  @Test
  void keysThatAreRotatedOnDemandRefuseNoRequest() throws Exception {
    start(Duration.ofDays(30));
    load();
    Set<String> contexts = new HashSet<>();
    Set<String> messages = new HashSet<>();
    for (int i = 0; i < ROTATIONS; i++) {
      contexts.add(rotate("context"));
      messages.add(rotate("message"));
      await(() ->
          application.contextKeys.containsAll(contexts)
              && application.messageKeys.containsAll(messages));
    }
    endLoad();

    assertThat(contexts).hasSize(ROTATIONS);
    assertThat(messages).hasSize(ROTATIONS);
    assertThat(application.contextKeys).hasSize(ROTATIONS + 1);
    assertThat(application.messageKeys).hasSize(ROTATIONS + 1);
    // The first time, and once at most for each key that it did not know.
    assertThat(application.fetches()).isLessThanOrEqualTo(1 + 2 * ROTATIONS);
  }

  @Test
  void keysThatAreRotatedOnScheduleRefuseNoRequest() throws Exception {
    start(Duration.ofSeconds(1));
    load();
    await(() -> application.contextKeys.size() >= 3 && application.messageKeys.size() >= 3);
    endLoad();

    assertThat(application.fetches())
        .isLessThanOrEqualTo(application.contextKeys.size() + application.messageKeys.size());
  }

  private String rotate(String purpose) throws Exception {
    return post("/v1/signing-keys/rotate?purpose=" + purpose, "").path("kid").asText();
  }

  private void load() {
    RawHttp edge = new RawHttp(gateway.httpPort());
    for (int i = 0; i < CLIENTS; i++) {
      clients.execute(() -> {
        while (!stopping) {
          try {
            RawHttp.Answer answer =
                edge.send(
                    "POST /orders?a=b HTTP/1.1\r\nHost: acme.gatehouse.test\r\nContent-Length: 5\r\n",
                    "hello");
            answers.incrementAndGet();
            if (answer.status() != 200) {
              failures.add(answer.text());
            }
          } catch (Exception e) {
            failures.add(e.toString());
          }
        }
      });
    }
  }

  private void endLoad() {
    stopping = true;
    clients.close();
    assertThat(failures).isEmpty();
    assertThat(answers).hasValueGreaterThan(20);
  }

  private JsonNode post(String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + controlPlane.port() + path))
            .header(
                "Authorization",
                "Bearer " + controlPlane.firstTokens().orElseThrow().operatorToken())
            .header("Content-Type", "application/json")
            .header("Prefer", "wait=20")
            .timeout(Duration.ofSeconds(45))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
    assertThat(response.statusCode()).as(path + " " + response.body()).isBetween(200, 299);
    return JSON.readTree(response.body());
  }

  private void await(Callable<Boolean> condition) throws Exception {
    while (!condition.call() && failures.isEmpty()) {
      LockSupport.parkNanos(20_000_000);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }
}
