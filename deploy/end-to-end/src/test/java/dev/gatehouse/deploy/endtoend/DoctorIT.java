package dev.gatehouse.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./gatehouse doctor} in the directory of a demo. */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DoctorIT {
  @TempDir private static Path scratch;
  private RunningDemo demo;

  @BeforeAll
  void start() throws Exception {
    demo = RunningDemo.start(scratch.resolve(".gatehouse"));
  }

  @AfterAll
  void stop() throws Exception {
    demo.close();
  }

  private Launcher.Ended doctor(String arguments) throws Exception {
    String line = "cd '" + scratch + "' && '" + Launcher.SCRIPT + "' doctor " + arguments;
    return Launcher.shell(scratch, line, Map.of());
  }

  @Test
  @Order(1)
  void findsTheDemoOfTheDirectoryAndThatItIsWell() throws Exception {
    Launcher.Ended ended = doctor("--output json");
    JsonNode report = new ObjectMapper().readTree(ended.output());

    assertThat(report.path("failed").asInt()).as(ended.output()).isZero();
    List<String> groups =
        report
            .path("findings")
            .valueStream()
            .map(one -> one.path("group").asText().replaceFirst(" (at )?[^ ]*$", ""))
            .distinct()
            .toList();
    assertThat(groups)
        .containsExactly("This", "Configuration", "Database", "Redis", "Control plane", "Gateway");
    assertThat(ended.output())
        .contains("It follows the control plane.", "They are shared with the other gateways.")
        .doesNotContain(demo.adminToken());
  }

  @Test
  @Order(2)
  void saysThatRedisAndTheControlPlaneWereKilled() throws Exception {
    demo.kill("redis");
    demo.kill("controlPlane");
    Launcher.Ended ended = doctor("");

    assertThat(ended.exitCode()).as(ended.output()).isEqualTo(1);
    assertThat(ended.output())
        .contains("-> Start Redis there")
        .contains("-> Start it (gatehouse control-plane --config FILE)")
        .contains("the first that failed");
  }
}
