package dev.gatehouse.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./gatehouse explain} against the gateway of a demo. */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExplainIT {
  private static final String URL = "http://acme.localhost/whoami";

  @TempDir private static Path scratch;
  private RunningDemo demo;

  @BeforeAll
  void start() throws Exception {
    demo = RunningDemo.start(scratch.resolve("demo"));
  }

  @AfterAll
  void stop() throws Exception {
    demo.close();
  }

  private Launcher.Ended explain(String... arguments) throws Exception {
    return explainAt(demo.gatewayAdminUrl(), arguments);
  }

  private static Launcher.Ended explainAt(String admin, String... arguments) throws Exception {
    List<String> line = new ArrayList<>(List.of("explain", "--admin", admin));
    line.addAll(List.of(arguments));
    return Launcher.run(scratch, line.toArray(String[]::new));
  }

  private String key() {
    return "X-API-Key: " + demo.apiKey("acme");
  }

  @Test
  void tellsAnOperatorStageByStageAndEndsWithZero() throws Exception {
    Launcher.Ended ended = explain(URL, "-H", key());

    assertThat(ended.exitCode()).as(ended.output()).isZero();
    List<String> lines = ended.output().lines().toList();
    assertThat(lines.stream().map(line -> line.substring(0, Math.min(17, line.length()))))
        .containsExactly(
            "admit         ok ",
            "resolve       ok ",
            "authenticate  ok ",
            "limit         ok ",
            "route         ok ",
            "sign          ok ",
            "forward       ok ",
            "                1",
            "=> forwarded");
    assertThat(lines.get(6)).contains("1 of 1 addresses of the endpoints of sample may take it");
    assertThat(lines.get(7)).matches(" {16}127\\.0\\.0\\.1:[0-9]+ +ok  healthy, [0-9]+ in flight");
    assertThat(ended.output()).doesNotContain(demo.apiKey("acme"));
  }

  @Test
  void tellsAProgramInJson() throws Exception {
    Launcher.Ended ended = explain(URL, "-H", key(), "--output", "json");

    JsonNode explanation = new ObjectMapper().readTree(ended.output());
    assertThat(explanation.path("verdict").asText()).isEqualTo("forwarded");
    assertThat(explanation.path("steps").path(6).path("facts").path("endpoints")).hasSize(1);
  }

  @Test
  void endsWithThreeWhereTheRequestWouldBeRefused() throws Exception {
    Launcher.Ended ended = explain(URL);

    assertThat(ended.exitCode()).isEqualTo(3);
    assertThat(ended.output()).contains("authenticate  --  401 unauthenticated");
    assertThat(ended.output().lines().toList().getLast()).isEqualTo("=> refused with 401");
  }

  @Test
  void endsWithFourWhereTheClientWouldBeSentElsewhere() throws Exception {
    try (ControlPlaneApi controlPlane = new ControlPlaneApi(demo)) {
      controlPlane.post(
          "/v1/routes", "{\"pathPrefix\": \"/old\", \"redirect\": {\"prefix\": \"/new\"}}");
    }
    Launcher.Ended ended = explain("http://acme.localhost/old/x", "-H", key());

    assertThat(ended.exitCode()).as(ended.output()).isEqualTo(4);
    assertThat(ended.output()).contains("308: the client is sent to /new/x");
  }

  @Test
  void endsWithOneWhereNoGatewayIs() throws Exception {
    int closed;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = free.getLocalPort();
    }
    assertOneSentence(explainAt("http://127.0.0.1:" + closed, URL), "nothing listens there");
    assertOneSentence(explainAt(demo.controlPlaneUrl(), URL), "is no gateway's admin port");
  }

  private static void assertOneSentence(Launcher.Ended ended, String reason) {
    assertThat(ended.exitCode()).as(ended.output()).isEqualTo(1);
    assertThat(ended.output().lines())
        .singleElement()
        .asString()
        .startsWith("The gateway cannot be asked at http://127.0.0.1:")
        .endsWith(reason);
  }

  @Test
  void endsWithTwoWhereTheQuestionIsNone() throws Exception {
    Launcher.Ended ended = explain("acme.localhost/whoami");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.output()).contains("url must be absolute");

    assertThat(explainAt("ftp://127.0.0.1", URL).output()).contains("--admin must be an http URL");
  }
}
