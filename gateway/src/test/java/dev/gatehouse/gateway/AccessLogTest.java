package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.observe.MetricsConfig;
import dev.gatehouse.gateway.observe.ObserveConfig;
import dev.gatehouse.gateway.observe.tail.TailConfig;
import dev.gatehouse.gateway.observe.trace.TracingConfig;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** The lines of the access log are what docs/logs.md and the schema say. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessLogTest {
  private static final Path DOCUMENT = Path.of("../docs/logs.md");

  private Platform platform;
  private JsonObject schema;
  private Validator validator;

  @BeforeAll
  void start() throws Exception {
    platform = Platform.withTls(c -> c.with(subjects()));
    try (InputStream in = ObserveConfig.class.getResourceAsStream("access-log.schema.json")) {
      schema = new JsonObject(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
    validator =
        Validator.create(
            JsonSchema.of(schema),
            new JsonSchemaOptions()
                .setBaseUri("https://gatehouse.dev")
                .setDraft(Draft.DRAFT202012)
                .setOutputFormat(OutputFormat.Basic));
  }

  @AfterAll
  void stop() {
    platform.close();
  }

  private static ObserveConfig subjects() {
    return new ObserveConfig(
        true,
        true,
        MetricsConfig.DEFAULT,
        TracingConfig.DEFAULT,
        Optional.empty(),
        TailConfig.DEFAULT);
  }

  private void ask(String method, String target, String host, String... more) throws Exception {
    String[] lines = new String[more.length + 2];
    lines[0] = method + " " + target + " HTTP/1.1";
    lines[1] = "Host: " + host;
    System.arraycopy(more, 0, lines, 2, more.length);
    RawClient.send(platform.gateway.httpPort(), lines);
  }

  private void isValid(JsonObject line) {
    OutputUnit result = validator.validate(line);
    assertThat(result.getValid()).as("%s: %s", line, result.toJson()).isTrue();
  }

  @Test
  void tellsWhereARequestWentAndWhoseItIs() throws Exception {
    TestTenant tenant = platform.tenant();
    try (AccessLines lines = new AccessLines()) {
      ask("GET", "/a/b?secret=1", tenant.host(), "X-API-Key: " + tenant.key().reveal());

      JsonObject line = lines.of(tenant.host(), 1).getFirst();
      isValid(line);
      assertThat(line.getString("path")).isEqualTo("/a/b");
      assertThat(line.getString("tenant")).isEqualTo(tenant.edge().slug().value());
      assertThat(line.getString("service")).isEqualTo("app");
      assertThat(line.getString("route")).isEqualTo("/*");
      assertThat(line.getString("endpoint")).isEqualTo("127.0.0.1:" + platform.upstream.port());
      assertThat(line.getInteger("attempts")).isEqualTo(1);
      assertThat(line.getLong("upstreamMicros")).isBetween(1L, line.getLong("micros"));
      assertThat(line.getString("authentication")).isEqualTo("api-key");
      assertThat(line.getString("subject")).isEqualTo("robot");
      assertThat(line.containsKey("refusal")).isFalse();
      assertThat(line.encode()).doesNotContain("secret");
    }
  }

  @Test
  void tellsWhyTheGatewayRefused() throws Exception {
    TestTenant tenant = platform.tenant();
    try (AccessLines lines = new AccessLines()) {
      ask("GET", "/", tenant.host());

      JsonObject line = lines.of(tenant.host(), 1).getFirst();
      isValid(line);
      assertThat(line.getString("refusal")).isEqualTo("unauthenticated");
      assertThat(line.containsKey("service")).isFalse();
      assertThat(line.containsKey("subject")).isFalse();
    }
  }

  @Test
  void tellsOfAnUpstreamThatIsNotThere() throws Exception {
    String path =
        platform.route(EdgeService.of("gone", List.of(new EdgeService.Endpoint("127.0.0.1", 1))));
    TestTenant tenant = platform.tenant();
    try (AccessLines lines = new AccessLines()) {
      ask("GET", path, tenant.host(), "X-API-Key: " + tenant.key().reveal());

      JsonObject line = lines.of(tenant.host(), 1).getFirst();
      isValid(line);
      assertThat(line.getString("endpoint")).isEqualTo("127.0.0.1:1");
      assertThat(line.getInteger("attempts")).isPositive();
      assertThat(line.getString("service")).isEqualTo("gone");
      assertThat(line.getString("refusal")).isEqualTo("upstream-failed");
    }
  }

  @Test
  void tellsOfOddRequestsInOneLineEach() throws Exception {
    TestTenant tenant = platform.tenant();
    try (AccessLines lines = new AccessLines()) {
      ask("BREW", "/\"\\{}", tenant.host());
      ask("GET", "/" + "x".repeat(3000), tenant.host());

      List<JsonObject> seen = lines.of(tenant.host(), 2);
      seen.forEach(this::isValid);
      assertThat(seen.getLast().getString("path")).hasSize(1025);
    }
  }

  @Test
  void tellsTheVersionOfTls() throws Exception {
    TestTenant tenant = platform.tenant();
    Vertx vertx = Vertx.vertx();
    HttpClient client =
        TestClients.http(
            vertx, new HttpClientOptions().setSsl(true).setTrustAll(true).setVerifyHost(false));
    try (AccessLines lines = new AccessLines()) {
      client
          .request(
              new RequestOptions()
                  .setMethod(HttpMethod.GET)
                  .setHost("127.0.0.1")
                  .setPort(platform.gateway.httpsPort().orElseThrow())
                  .setURI("/")
                  .putHeader("Host", tenant.host()))
          .compose(HttpClientRequest::send)
          .compose(HttpClientResponse::body)
          .await();

      JsonObject line = lines.of(tenant.host(), 1).getFirst();
      isValid(line);
      assertThat(line.getString("tls")).isEqualTo("TLSv1.3");
    } finally {
      vertx.close().await();
    }
  }

  @Test
  void refusesWhatIsNotALine() {
    assertThat(validator.validate(new JsonObject().put("time", "now")).getValid()).isFalse();
  }

  @Test
  void hasItsFieldsInTheDocument() throws Exception {
    Set<String> documented =
        Files.readString(DOCUMENT)
            .lines()
            .map(Pattern.compile("^\\| `(\\w+)` \\| .*")::matcher)
            .filter(java.util.regex.Matcher::matches)
            .map(row -> row.group(1))
            .collect(Collectors.toSet());

    assertThat(documented).isEqualTo(schema.getJsonObject("properties").fieldNames());
  }
}
