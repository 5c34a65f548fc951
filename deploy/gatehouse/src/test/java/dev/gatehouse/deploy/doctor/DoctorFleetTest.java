package dev.gatehouse.deploy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.backends.EmbeddedRedis;
import dev.gatehouse.backends.TestBackends;
import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.controlplane.ControlPlane;
import dev.gatehouse.controlplane.ControlPlaneConfig;
import dev.gatehouse.deploy.doctor.Surgery.Findings;
import dev.gatehouse.gateway.redis.RedisConfig;
import io.vertx.core.net.SelfSignedCertificate;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The doctor at a platform with several gateways, a rollout, and Redis behind TLS. */
@Timeout(120)
class DoctorFleetTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String gatewayToken = SecretToken.generate(SecretToken.Kind.GATEWAY).reveal();
  private final String operatorToken = SecretToken.generate(SecretToken.Kind.OPERATOR).reveal();
  private final HttpClient http = HttpClient.newHttpClient();
  private ControlPlane controlPlane;
  private Surgery surgery;
  @TempDir private Path folder;

  @BeforeEach
  void start() {
    surgery = new Surgery(folder);
    controlPlane =
        ControlPlane.start(
            new ControlPlaneConfig(
                new ControlPlaneConfig.Http("127.0.0.1", 0),
                new ControlPlaneConfig.DatabaseConfig(TestBackends.freshDatabaseUrl(), 10),
                "example.test",
                Base64.getEncoder().encodeToString(new byte[32]),
                Optional.of(
                    new ControlPlaneConfig.Bootstrap(
                        Optional.of(operatorToken), Optional.of(gatewayToken)))));
  }

  @AfterEach
  void stop() {
    http.close();
    controlPlane.close();
  }

  private String url() {
    return "http://127.0.0.1:" + controlPlane.port();
  }

  private JsonNode call(String method, String path, String token, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url() + path))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build();
    var answer = http.send(request, BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 204);
    return JSON.readTree(answer.body());
  }

  private Findings examined() throws Exception {
    Path token = Files.writeString(folder.resolve("token"), operatorToken);
    return surgery.findings("--url=" + url(), "--token-file=" + token);
  }

  private void isHeardOf(String gateway) throws Exception {
    call(
        "POST",
        "/edge/v1/applied",
        gatewayToken,
        "{\"gateway\": \"%s\", \"revision\": 0}".formatted(gateway));
  }

  @Test
  void saysThatATokenIsGoodUnderEveryGatewaysName() throws Exception {
    isHeardOf("gw-a");
    assertThat(examined().of("Control plane", "gateway tokens"))
        .containsExactly("ok: None speaks for another gateway.");

    isHeardOf("gw-b");
    assertThat(examined().of("Control plane", "gateway tokens"))
        .singleElement()
        .asString()
        .startsWith("warning: That with the id ")
        .contains("is good under the name of every gateway")
        .doesNotContain(gatewayToken);

    JsonNode tokens = call("GET", "/v1/tokens", operatorToken, "");
    for (String name : new String[] {"gw-a", "gw-b"}) {
      call(
          "POST",
          "/v1/tokens",
          operatorToken,
          "{\"kind\": \"gateway\", \"name\": \"%1$s\", \"gateway\": \"%1$s\"}".formatted(name));
    }
    for (JsonNode token : tokens.path("items")) {
      if (token.path("kind").asText().equals("gateway")) {
        call("DELETE", "/v1/tokens/" + token.path("id").asText(), operatorToken, "");
      }
    }
    assertThat(examined().of("Control plane", "gateway tokens"))
        .containsExactly("ok: None speaks for another gateway.");
    call(
        "POST",
        "/v1/tokens",
        operatorToken,
        "{\"kind\": \"gateway\", \"name\": \"all\", \"gateway\": \"*\"}");
    assertThat(examined().of("Control plane", "gateway tokens"))
        .hasSize(1)
        .noneMatch(found -> found.startsWith("ok"));
  }

  @Test
  void saysThatATokenIsForAnotherName() throws Exception {
    JsonNode made =
        call(
            "POST",
            "/v1/tokens",
            operatorToken,
            "{\"kind\": \"gateway\", \"name\": \"a\", \"gateway\": \"gw-a\"}");
    assertThat(feedToken(made, "name: gw-a")).startsWith("ok: ");
    assertThat(feedToken(made, "name: gw-b"))
        .startsWith("failed: ")
        .contains("the token is for \"gw-a\"", "\"gw-b\"");
    assertThat(feedToken(made, "")).startsWith("skipped: ");
    assertThat(call("GET", "/v1/gateways", operatorToken, "").path("items")).isEmpty();
  }

  private String feedToken(JsonNode token, String name) throws Exception {
    return gateway(token.path("secret").asText(), name)
        .of("Configuration", "feed.token")
        .getFirst();
  }

  private Findings gateway(String token, String more) throws Exception {
    String config =
        surgery.file(
            "gateway.yaml",
            """
            baseDomain: example.test
            admin: {port: 0}
            feed: {url: '%s', token: %s}
            %s
            """
                .formatted(url(), token, more));
    return surgery.findings("--config=" + config);
  }

  @Test
  void saysThatARolloutIsPaused() throws Exception {
    registerPartition();
    call("POST", "/v1/blueprints", operatorToken, "{\"name\": \"shop\"}");
    assertThat(examined().of("Control plane", "rollouts")).containsExactly("ok: None is paused.");

    call(
        "PUT",
        "/v1/blueprints/shop/versions/1",
        operatorToken,
        "{\"up\": \"SELECT 1 / 0\", \"down\": \"SELECT 1\"}");
    call("POST", "/v1/blueprints/shop/rollouts", operatorToken, "{\"to\": 1}");
    awaitFirst("/v1/blueprints/shop/rollouts", "paused");
    assertThat(examined().of("Control plane", "rollouts"))
        .singleElement()
        .asString()
        .startsWith("warning: That of shop to version 1 is paused: ");
  }

  private void registerPartition() throws Exception {
    URI server = URI.create(TestBackends.freshDatabaseUrl());
    String[] login = server.getUserInfo().split(":", 2);
    call(
        "POST",
        "/v1/partitions",
        operatorToken,
        """
        {"name": "p1", "host": "%s", "port": %d, "database": "%s", "user": "%s", "password": "%s"}
        """
            .formatted(
                server.getHost(),
                server.getPort(),
                server.getPath().substring(1),
                login[0],
                login[1]));
    awaitFirst("/v1/partitions", "ready");
  }

  private void awaitFirst(String list, String state) throws Exception {
    while (!call("GET", list, operatorToken, "")
        .path("items")
        .path(0)
        .path("state")
        .asText()
        .equals(state)) {
      Thread.sleep(50);
    }
  }

  @Test
  void speaksTlsToRedisAsTheGatewayDoes() throws Exception {
    SelfSignedCertificate certificate = SelfSignedCertificate.create("localhost");
    try (EmbeddedRedis redis = EmbeddedRedis.start(folder.resolve("redis"), 0)) {
      int port = Surgery.closedPort();
      try (RedisSocket plain = RedisSocket.open(new RedisConfig(URI.create(redis.url())))) {
        String shown = copied(certificate.certificatePath(), "server.pem");
        String key = copied(certificate.privateKeyPath(), "server.key");
        plain.ask(
            "CONFIG",
            "SET",
            "tls-cert-file",
            shown,
            "tls-key-file",
            key,
            "tls-ca-cert-file",
            shown,
            "tls-auth-clients",
            "no");
        plain.ask("CONFIG", "SET", "tls-port", Integer.toString(port));
      }
      String user = URI.create(redis.url()).getRawUserInfo();
      String trust = ", trust: " + certificate.certificatePath();

      String right = "rediss://" + user + "@localhost:" + port;
      assertThat(redis(right, trust).of("Redis", "login")).containsExactly("ok: It answers.");
      assertThat(redis(right, "").of("Redis", "login"))
          .singleElement()
          .asString()
          .startsWith("failed: It cannot be reached: ")
          .contains("PKIX");
      String otherName = "rediss://" + user + "@127.0.0.1:" + port;
      assertThat(redis(otherName, trust).of("Redis", "login"))
          .singleElement()
          .asString()
          .startsWith("failed: It cannot be reached: ");
    } finally {
      certificate.delete();
    }
  }

  /** The server runs as a user of its own. */
  private String copied(String file, String name) throws Exception {
    Path copy = Files.copy(Path.of(file), folder.resolve("redis").resolve(name));
    Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
    return copy.toString();
  }

  private Findings redis(String redisUrl, String more) throws Exception {
    return gateway(gatewayToken, "redis: {url: '%s'%s}".formatted(redisUrl, more));
  }
}
