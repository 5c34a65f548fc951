package dev.gatehouse.loadtests.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.loadtests.contender.RunningContender;
import dev.gatehouse.loadtests.load.Requests;
import dev.gatehouse.loadtests.process.Child;
import dev.gatehouse.loadtests.process.Programs;
import dev.gatehouse.loadtests.tenants.SyntheticTenants;
import dev.gatehouse.loadtests.upstream.Upstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@EnabledOnOs(OS.LINUX)
class ComparisonTest {
  private static final Plan SHORT =
      new Plan(2, 10, Duration.ofSeconds(1), Duration.ofMillis(50), Duration.ofMillis(200), 100, 4);

  @TempDir private Path folder;

  @Test
  void measuresAServerOnItsOwn() throws Exception {
    try (RunningContender upstream = upstream("vertx-http-proxy")) {
      Rounds rounds = compare(upstream);
      Path json = folder.resolve("results.json");
      Report.of(rounds, SHORT, false).writeJson(json);

      JsonNode result = new ObjectMapper().readTree(json.toFile()).at("/results/0");
      assertThat(result.get("name").asText()).isEqualTo("vertx-http-proxy");
      assertThat(result.get("requestsPerSecond").asDouble()).isPositive();
      assertThat(result.get("p50Millis").asDouble()).isPositive();
      assertThat(result.get("p99Millis").asDouble()).isPositive();
      assertThat(result.get("cpuMicrosPerRequest").asDouble()).isNotNegative();
      assertThat(result.get("rssMiB").asDouble()).isPositive();
      assertThat(result.at("/ratioToVertxHttpProxy/requestsPerSecond").asDouble()).isEqualTo(1);
      assertThat(result.has("ratioToGatehouse")).isFalse();
    }
  }

  @Test
  void refusesToCompareAContenderThatAnswersWrong() throws Exception {
    HttpServer teapot =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    teapot.createContext("/", exchange -> exchange.sendResponseHeaders(418, -1));
    teapot.start();
    try (RunningContender upstream = upstream("upstream")) {
      RunningContender wrong =
          new RunningContender("teapot", upstream.process(), teapot.getAddress().getPort());

      assertThatThrownBy(() -> compare(wrong))
          .isInstanceOf(IOException.class)
          .hasMessageContainingAll("teapot", "wrong answers", "418");
    } finally {
      teapot.stop(0);
    }
  }

  private static Rounds compare(RunningContender contender) throws IOException {
    Requests requests = Requests.of(new SyntheticTenants(SHORT.tenants()).requests());
    return new Comparison(SHORT, requests, _ -> {}).run(List.of(contender));
  }

  private RunningContender upstream(String name) throws IOException, InterruptedException {
    int port = Child.freePort();
    Child process =
        Child.start(
            Programs.java(List.of(), Upstream.class.getName(), Integer.toString(port)),
            folder.resolve("upstream.log"));
    process.awaitPort(port);
    return new RunningContender(name, process, port);
  }
}
