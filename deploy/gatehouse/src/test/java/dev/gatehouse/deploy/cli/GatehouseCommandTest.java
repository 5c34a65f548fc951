package dev.gatehouse.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.backends.DirectoryLock;
import dev.gatehouse.controlplane.secret.DecapsulationKey;
import dev.gatehouse.controlplane.secret.KeySources;
import dev.gatehouse.controlplane.secret.MasterKey;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@Timeout(60)
class GatehouseCommandTest {
  private final StringWriter errors = new StringWriter();
  private final StringWriter output = new StringWriter();
  private final CommandLine command =
      GatehouseCommand.commandLine()
          .setErr(new PrintWriter(errors))
          .setOut(new PrintWriter(output));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "audit",
        "demo",
        "doctor",
        "gateway",
        "control-plane",
        "explain",
        "master-key",
        "sample-app",
        "tail"
      })
  void everyCommandHasHelp(String name) {
    assertThat(command.execute(name, "--help")).isZero();
    assertThat(output.toString()).contains("Usage: gatehouse " + name);
  }

  @Test
  void makesMasterKeysOfOneHalfAndOfTwoAndWritesOverNone(@TempDir Path directory) throws Exception {
    assertThat(command.execute("master-key")).isZero();
    String first = output.toString().strip();
    Path file = directory.resolve("second-half");
    assertThat(command.execute("master-key", "--second-half", file.toString())).isZero();
    String second = output.toString().substring(first.length()).strip();
    String kept = Files.readString(file);
    DecapsulationKey key = DecapsulationKey.parse("file:" + file);
    KeySources sources = new KeySources(Optional.empty(), Optional.of(key));
    assertThat(MasterKey.of(first + " " + second, List.of(), sources).fingerprint())
        .isNotEqualTo(MasterKey.parse(first).fingerprint());
    assertThat(Files.getPosixFilePermissions(file))
        .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    assertThat(command.execute("master-key", "--second-half", file.toString())).isEqualTo(2);
    assertThat(Files.readString(file)).isEqualTo(kept);
  }

  @Test
  void aGatewayRehearsesItsStart() {
    assertThat(command.execute("gateway", "--rehearse")).as(errors.toString()).isZero();
  }

  @Test
  void aGatewayTakesAConfiguration() {
    assertThat(command.execute("gateway")).isEqualTo(2);
    assertThat(errors.toString()).contains("--config=FILE | --rehearse");
  }

  @Test
  void wrongUsageEndsWithTwo() {
    assertThat(command.execute("demo", "--ports", "x")).isEqualTo(2);
    assertThat(errors.toString()).contains("--ports: expected a port between 0 and 65535");
  }

  @Test
  void aWrongConfigurationEndsWithTwoAndNamesEveryFault(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("gateway.yaml");
    Files.writeString(file, "baseDomain: localhost\nfeed: {url: http://127.0.0.1:9}\nadmni: {}\n");
    assertThat(command.execute("gateway", "--config", file.toString())).isEqualTo(2);
    assertThat(errors.toString())
        .contains("admni: there is no such setting", "feed.token: is missing")
        .doesNotContain("\tat ");
  }

  @Test
  void aSecondDemoOnOneDirectoryIsRefusedInOneSentence(@TempDir Path directory) {
    try (DirectoryLock _ = DirectoryLock.take(directory)) {
      assertThat(command.execute("demo", "--data-dir", directory.toString(), "--ports", "0"))
          .isEqualTo(1);
    }
    assertThat(errors.toString().lines())
        .singleElement()
        .asString()
        .startsWith("The directory " + directory + " is in use by another running process");
  }
}
