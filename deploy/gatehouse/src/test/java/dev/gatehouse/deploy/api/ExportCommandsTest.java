package dev.gatehouse.deploy.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.deploy.api.CommandsOfAControlPlane.Run;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExportCommandsTest {
  @TempDir private static Path folder;

  private CommandsOfAControlPlane commands;

  @BeforeAll
  void start() throws Exception {
    commands = CommandsOfAControlPlane.start(folder);
  }

  @AfterAll
  void stop() {
    commands.close();
  }

  @Test
  void exportsWhatIsInvoiced() throws Exception {
    String slug = CommandsOfAControlPlane.freshSlug();
    commands.run("tenant", "create", "--slug", slug, "--name", "x");
    Path file = folder.resolve("november.csv");
    String from = Instant.now().minusSeconds(3_600).toString();
    String to = Instant.now().plusSeconds(3_600).toString();

    Run toFile =
        commands.run(
            "subscription", "export", "--from", from, "--to", to, "--to-file", file.toString());

    assertThat(toFile.exitCode()).as(toFile.toString()).isZero();
    assertThat(toFile.out()).isEmpty();
    assertThat(Files.readString(file)).startsWith("tenantId,slug,").contains("," + slug + ",");
    assertThat(commands.run("subscription", "export", "--from", from, "--to", to).out())
        .contains("," + slug + ",");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(Path::toString)).noneMatch(name -> name.endsWith(".part"));
    }
  }

  @Test
  void exportsTheAuditTrail() throws Exception {
    Path file = folder.resolve("audit.ndjson");
    assertThat(commands.run("audit", "export", "--to-file", file.toString()).exitCode()).isZero();
    assertThat(Files.readString(file)).startsWith("{\"export\":").contains("{\"end\":");
  }

  @Test
  void writesNothingWhereItIsRefused() {
    Path file = folder.resolve("refused.csv");
    Run refused =
        commands.run(
            "subscription",
            "export",
            "--from",
            "2026-01-02T00:00:00Z",
            "--to",
            "2026-01-01T00:00:00Z",
            "--to-file",
            file.toString());
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).contains("to must be after from");
    assertThat(file).doesNotExist();
  }

  @Test
  void endsWithTwoWhereTheFileCannotBeWritten() {
    Run nowhere = commands.run("audit", "export", "--to-file", "/no/such/folder/x");
    assertThat(nowhere.exitCode()).isEqualTo(2);
    assertThat(nowhere.err()).contains("/no/such/folder").hasLineCount(1);
  }

  @Test
  void takesNoPartForTheWhole() throws Exception {
    Path file = folder.resolve("part.csv");
    try (FakeControlPlane fake =
        FakeControlPlane.start(exchange -> {
          exchange.sendResponseHeaders(200, 1_000);
          OutputStream body = exchange.getResponseBody();
          body.write("tenantId,slug\r\n".getBytes(StandardCharsets.UTF_8));
          body.flush();
          exchange.close();
        })) {
      Run broken =
          CommandsOfAControlPlane.runAt(
              fake.url(),
              Path.of(commands.token()),
              "audit",
              "export",
              "--to-file",
              file.toString());
      assertThat(broken.exitCode()).isEqualTo(3);
      assertThat(broken.err()).contains("The export broke off");
    }
    assertThat(file).doesNotExist();
    assertThat(folder.resolve("part.csv.part")).doesNotExist();
  }
}
