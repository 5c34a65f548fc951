package dev.gatehouse.loadtests.neighbours;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.backends.EmbeddedRedis;
import dev.gatehouse.loadtests.contender.GatewayProcess;
import dev.gatehouse.loadtests.contender.Stage;
import dev.gatehouse.loadtests.process.Child;
import dev.gatehouse.loadtests.process.Cores;
import dev.gatehouse.loadtests.process.LoadAverage;
import dev.gatehouse.loadtests.tenants.SyntheticFeed;
import dev.gatehouse.loadtests.tenants.SyntheticTenants;
import dev.gatehouse.loadtests.upstream.BusyUpstream;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
@EnabledOnOs(OS.LINUX)
class NeighbourhoodTest {
  /** Few requests a second: what is looked at does not depend on how fast the machine is. */
  private static final Plan SHORT =
      new Plan(1, Duration.ofMillis(500), Duration.ofSeconds(2), 2, 40);

  @Test
  void measuresTheQuietTenantInEverySituation(@TempDir Path folder) throws Exception {
    int port = Child.freePort();
    Cores cores = Cores.ofThisMachine();
    try (Child upstream =
            BusyUpstream.inOwnProcess(cores, port, SHORT.workers(), SHORT.meanMillis(), folder);
        EmbeddedRedis redis = EmbeddedRedis.start(folder.resolve("redis"), 0);
        SyntheticFeed feed =
            SyntheticFeed.start(
                new SyntheticTenants(2), port, Policy.objects(port, SHORT.workers()))) {
      upstream.awaitPort(port);
      Stage stage = new Stage(folder, cores, port, feed.url(), redis.url());
      try (GatewayProcess gateway = GatewayProcess.start(stage, Stage.JVM_OPTIONS)) {
        gateway.awaitReady();
        Neighbourhood neighbourhood = new Neighbourhood(gateway, SHORT);
        Rounds rounds = new Rounds();
        rounds.add(Situation.ALONE, neighbourhood.measure(Situation.ALONE, 7));
        rounds.add(Situation.FIXED, neighbourhood.measure(Situation.FIXED, 7));
        rounds.add(Situation.NONE, neighbourhood.measure(Situation.NONE, 7));

        assertThat(rounds.median(Situation.ALONE, Sample::noisyPerSecond)).isZero();
        assertThat(rounds.median(Situation.FIXED, Sample::noisyPerSecond)).isPositive();
        assertThat(rounds.limits(Situation.FIXED).most()).isEqualTo(SHORT.workers());
        assertThat(rounds.medianRatioToAlone(Situation.NONE))
            .isGreaterThan(rounds.medianRatioToAlone(Situation.FIXED));
        assertIsWritten(rounds, folder.resolve("results.json"));
      }
    }
  }

  private static void assertIsWritten(Rounds rounds, Path json) throws Exception {
    Report.of(rounds, SHORT, false, new LoadAverage(1, 2)).writeJson(json);

    JsonNode written = new ObjectMapper().readTree(json.toFile());
    assertThat(written.at("/results/0/name").asText()).isEqualTo("alone");
    assertThat(written.at("/results/0/ratioToAlone").asDouble()).isEqualTo(1);
    assertThat(written.at("/application/capacity").asDouble()).isEqualTo(50);
  }
}
