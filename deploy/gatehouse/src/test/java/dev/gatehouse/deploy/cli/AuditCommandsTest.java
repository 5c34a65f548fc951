package dev.gatehouse.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.backends.TestBackends;
import dev.gatehouse.controlplane.ControlPlane;
import dev.gatehouse.controlplane.ControlPlaneConfig;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** From a running control plane to the offline verification, all by commands. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
@SuppressWarnings("NullAway.Init") // set before all tests
class AuditCommandsTest {
  @TempDir private static Path folder;

  private ControlPlane controlPlane;
  private Path token;
  private String keys;
  private String export;

  @BeforeAll
  void exportATrail() throws Exception {
    controlPlane =
        ControlPlane.start(
            new ControlPlaneConfig(
                new ControlPlaneConfig.Http("127.0.0.1", 0),
                new ControlPlaneConfig.DatabaseConfig(TestBackends.freshDatabaseUrl(), 10),
                "example.test",
                Base64.getEncoder().encodeToString(new byte[32]),
                Optional.empty()));
    token = folder.resolve("token");
    Files.writeString(token, controlPlane.firstTokens().orElseThrow().operatorToken() + "\n");
    assertThat(call("tenant", "create", "--slug", "acme", "--name", "Acme").exitCode()).isZero();
    assertThat(call("tenant", "suspend", "acme", "--reason", "unpaid").exitCode()).isZero();
    assertThat(call("checkpoint", "create").exitCode()).isZero();
    keys = write(call("audit-key", "list", "-o", "json").out());
    export = call("tenant", "audit-export", "acme").out();
  }

  @AfterAll
  void stop() {
    controlPlane.close();
  }

  @Test
  void listsTheTrailBesideTheCommandsOfItsOwn() {
    assertThat(call("tenant", "audit", "acme", "-o", "json").out()).contains("suspendTenant");
    assertThat(call("audit", "list", "-o", "json").out()).contains("control-plane.start");
  }

  @Test
  void findsAnExportSound() throws Exception {
    Run run = execute("audit", "verify", write(export), "--keys", keys);
    assertThat(run.exitCode()).as(run.toString()).isZero();
    assertThat(run.out()).contains("Entries 1 to 2 of tenant ", "vouches for them up to 2");
  }

  @Test
  void findsThePlatformsExportSoundAndSaysWhatIsNewerThanItsCheckpoint() throws Exception {
    String platform = write(call("audit", "export").out());
    Run run = execute("audit", "verify", platform, "--keys", keys, "--tenant", "platform");
    assertThat(run.exitCode()).as(run.toString()).isZero();
    assertThat(run.out()).contains("of the platform fit", "are newer");
  }

  @Test
  void namesTheEntryThatWasEdited() throws Exception {
    Run run = execute("audit", "verify", write(export.replace("unpaid", "a joke")), "--keys", keys);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).startsWith("edited: Entry 2 ");
  }

  @Test
  void tellsTheTrailOfAnotherTenant() throws Exception {
    String other = UUID.randomUUID().toString();
    Run run = execute("audit", "verify", write(export), "--keys", keys, "--tenant", other);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).startsWith("foreign: ");
  }

  @Test
  void tellsWhatItCannotUseFromWhatDoesNotFit() throws Exception {
    assertThat(execute("audit", "verify", write(export)).exitCode()).isEqualTo(2);
    assertThat(execute("audit", "verify", "/no/such/file", "--keys", keys).exitCode()).isEqualTo(2);
    assertThat(execute("audit", "verify", write(export), "--keys", write("{}")).err())
        .contains("holds no Ed25519 key");
    assertThat(
            execute("audit", "verify", write(export), "--keys", keys, "--tenant", "acme")
                .exitCode())
        .isEqualTo(2);
  }

  private static String write(String text) throws Exception {
    return Files.writeString(Files.createTempFile(folder, "file", ""), text).toString();
  }

  private Run call(String... arguments) {
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    all.addAll(
        List.of(
            "--url", "http://127.0.0.1:" + controlPlane.port(), "--token-file", token.toString()));
    return execute(all.toArray(String[]::new));
  }

  private static Run execute(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine program = GatehouseCommand.commandLine(arguments);
    program.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return new Run(program.execute(arguments), out.toString(), err.toString());
  }

  private record Run(int exitCode, String out, String err) {}
}
