package dev.gatehouse.loadtests.latency;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.loadtests.contender.BareVertxHttpProxy;
import dev.gatehouse.loadtests.contender.RunningContender;
import dev.gatehouse.loadtests.contender.Stage;
import dev.gatehouse.loadtests.load.Requests;
import dev.gatehouse.loadtests.process.Child;
import dev.gatehouse.loadtests.process.Cores;
import dev.gatehouse.loadtests.process.LoadAverage;
import dev.gatehouse.loadtests.tenants.SyntheticTenants;
import dev.gatehouse.loadtests.upstream.Upstream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
@EnabledOnOs(OS.LINUX)
class HalfLoadTest {
  private static final Plan SHORT =
      new Plan(
          3, 10, Duration.ofSeconds(1), Duration.ofMillis(100), Duration.ofMillis(300), 100, 8);

  @Test
  void findsThatAProxyAddsTime(@TempDir Path folder) throws Exception {
    int port = Child.freePort();
    Cores cores = Cores.ofThisMachine();
    try (Child upstream = Upstream.inOwnProcess(cores, port, folder)) {
      upstream.awaitPort(port);
      Stage stage = new Stage(folder, cores, port, "unused", "unused");
      try (RunningContender bare = new BareVertxHttpProxy().start(stage)) {
        List<RunningContender> all = List.of(Direct.of(upstream, port), bare);
        Requests requests = Requests.of(new SyntheticTenants(SHORT.tenants()).requests());
        HalfLoad load = new HalfLoad(SHORT, requests, _ -> {});
        assertThat(load.half(all)).isPositive();

        Rounds rounds = load.run(all, 200);

        assertThat(rounds.medianAdded(Direct.NAME, Direct.NAME)).isEqualTo(new Latency(0, 0, 0));
        assertThat(rounds.medianAdded(BareVertxHttpProxy.NAME, Direct.NAME).p50()).isPositive();
        assertIsWritten(rounds, folder.resolve("results.json"));
      }
    }
  }

  private static void assertIsWritten(Rounds rounds, Path json) throws Exception {
    Report.of(rounds, SHORT, 200, false, new LoadAverage(1, 2)).writeJson(json);

    JsonNode written = new ObjectMapper().readTree(json.toFile());
    assertThat(written.at("/perSecond").asDouble()).isEqualTo(200);
    assertThat(written.at("/results/0/name").asText()).isEqualTo("direct");
    assertThat(written.at("/results/1/latency/p50").asDouble()).isPositive();
    assertThat(written.at("/results/1/added/p99").isNumber()).isTrue();
  }
}
