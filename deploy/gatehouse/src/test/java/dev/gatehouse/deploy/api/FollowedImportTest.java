package dev.gatehouse.deploy.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.deploy.api.CommandsOfAControlPlane.Run;
import dev.gatehouse.deploy.cli.GatehouseCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a command while what it waits for goes on. */
@Timeout(120)
class FollowedImportTest {
  private static final String RUNNING =
      """
      {"id": "i-1", "state": "running", "lines": 9, "processed": 4, "refused": 1}\
      """;
  private static final String CANCELLED =
      """
      {"id": "i-1", "state": "cancelled", "lines": 9, "processed": 4, "refused": 0,
       "endedAt": "2026-11-27T16:00:00Z"}\
      """;

  @TempDir private Path folder;
  private Path token;
  private Path file;

  @BeforeEach
  void write() throws Exception {
    token = Files.writeString(folder.resolve("token"), "gho_x");
    file = Files.writeString(folder.resolve("tenants.csv"), "slug,name\na,b\n");
  }

  private Run run(FakeControlPlane fake, String... arguments) {
    return CommandsOfAControlPlane.runAt(fake.url(), token, arguments);
  }

  @Test
  void goesOnWhenTheControlPlaneIsBack() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (FakeControlPlane fake =
        FakeControlPlane.start(exchange -> {
          switch (asked.incrementAndGet()) {
            case 2 -> FakeControlPlane.answer(exchange, 503, "{\"title\": \"away\"}");
            case 3 -> exchange.close();
            case 1, 4 -> FakeControlPlane.answer(exchange, 200, RUNNING);
            default -> FakeControlPlane.answer(exchange, 200, CANCELLED);
          }
        })) {
      Run followed = run(fake, "import", "get", "i-1", "--follow");
      assertThat(followed.err()).contains("4 of 9 lines", "It was cancelled.");
      assertThat(followed.exitCode()).isEqualTo(1);
    }
  }

  @Test
  void endsWhereThereIsNoSuchImport() throws Exception {
    try (FakeControlPlane fake =
        FakeControlPlane.start(
            exchange -> FakeControlPlane.answer(exchange, 404, "{\"title\": \"gone\"}"))) {
      assertThat(run(fake, "import", "get", "i-1", "--follow").exitCode()).isEqualTo(1);
    }
  }

  @Test
  void endsWithThreeWhereTheControlPlaneFails() throws Exception {
    try (FakeControlPlane fake =
        FakeControlPlane.start(
            exchange -> FakeControlPlane.answer(exchange, 503, "{\"title\": \"away\"}"))) {
      Run failed = run(fake, "import", "create", "--file", file.toString());
      assertThat(failed.exitCode()).isEqualTo(3);
      assertThat(failed.err()).contains("away");
    }
  }

  @Test
  void leavesItRunningAndSaysHowToComeBackWhereItIsStopped() throws Exception {
    CountDownLatch watched = new CountDownLatch(3);
    try (FakeControlPlane fake =
        FakeControlPlane.start(exchange -> {
          boolean begins = exchange.getRequestMethod().equals("POST");
          FakeControlPlane.answer(exchange, begins ? 202 : 200, RUNNING);
          if (!begins) {
            watched.countDown();
          }
        })) {
      Path errors = folder.resolve("errors");
      Process process =
          new ProcessBuilder(
                  ProcessHandle.current().info().command().orElseThrow(),
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  GatehouseCommand.class.getName(),
                  "import",
                  "create",
                  "--file",
                  file.toString(),
                  "--url",
                  fake.url(),
                  "--token-file",
                  token.toString())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(errors.toFile())
              .start();
      watched.await();
      process.destroy();
      assertThat(process.waitFor()).isNotZero();
      assertThat(Files.readString(errors))
          .contains("4 of 9 lines, 1 refused")
          .endsWith(
              "It goes on. gatehouse import get i-1 --follow waits for it,"
                  + " gatehouse import cancel i-1 ends it."
                  + System.lineSeparator());
    }
  }
}
