package dev.gatehouse.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a command leaves for the next one, in an installation that nobody has used yet. */
@Timeout(240)
class ClassArchiveIT {
  private static final Path DISTRIBUTION =
      Path.of("../gatehouse/target/gatehouse").toAbsolutePath();
  private static final List<String> ASKS =
      List.of("explain", "--admin", "http://127.0.0.1:1", "http://acme.localhost/");

  @TempDir private Path scratch;

  @Test
  void theNextCommandStartsFromItAndDoesNotWriteItAgain() throws Exception {
    Path installation = newInstallation();
    Path archive = installation.resolve("commands.jsa");

    run(installation, ASKS);
    var left = Files.getLastModifiedTime(archive);
    run(installation, ASKS);

    assertThat(Files.getLastModifiedTime(archive)).isEqualTo(left);
  }

  @Test
  void whatACommandThatEndedEarlyLeavesIsReplaced() throws Exception {
    Path installation = newInstallation();
    Path archive = installation.resolve("commands.jsa");

    run(installation, List.of("explain", "--help"));
    long small = Files.size(archive);
    run(installation, ASKS);

    assertThat(Files.size(archive)).isGreaterThan(small);
  }

  /** Another command is just writing it; Java would warn of it on standard output. */
  @Test
  void oneThatIsHalfWrittenChangesNoOutput() throws Exception {
    Path installation = newInstallation();
    Files.write(installation.resolve("commands.jsa"), new byte[16 << 20]);

    Launcher.Ended ended =
        Launcher.shell(
            scratch,
            installation.resolve("bin/gatehouse") + " " + String.join(" ", ASKS),
            Map.of());

    assertThat(ended.output().lines())
        .singleElement()
        .asString()
        .startsWith("The gateway cannot be asked");
  }

  @Test
  void saysThatAnOlderJavaIsTooOld() throws Exception {
    Path installation = newInstallation();
    Path jdk = scratch.resolve("jdk");
    Files.createDirectories(jdk.resolve("bin"));
    Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"21.0.4\"\n");
    Path java = Files.writeString(jdk.resolve("bin/java"), "#!/bin/sh\nexit 99\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    String command = installation.resolve("bin/gatehouse") + " --help";
    Launcher.Ended old = Launcher.shell(scratch, command, Map.of("JAVA_HOME", jdk.toString()));
    assertThat(old.exitCode()).isEqualTo(2);
    assertThat(old.output())
        .isEqualTo(
            "Gatehouse needs Java 25 or newer, and found 21.0.4 (%s). Set JAVA_HOME.\n"
                .formatted(java));

    String nowhere = scratch.resolve("nowhere").toString();
    Launcher.Ended none = Launcher.shell(scratch, command, Map.of("JAVA_HOME", nowhere));
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.output())
        .isEqualTo(
            "Gatehouse needs Java 25 or newer, and found none in %s. Set JAVA_HOME.\n"
                .formatted(nowhere));
  }

  private Path newInstallation() throws IOException {
    Path installation = Files.createDirectory(scratch.resolve("gatehouse"));
    Files.createSymbolicLink(installation.resolve("lib"), DISTRIBUTION.resolve("lib"));
    copy(DISTRIBUTION.resolve("bin"), installation.resolve("bin"));
    return installation;
  }

  private void run(Path installation, List<String> arguments) throws Exception {
    Launcher.Ended ended =
        Launcher.shell(
            scratch,
            installation.resolve("bin/gatehouse") + " " + String.join(" ", arguments),
            Map.of());
    assertThat(ended.output()).isNotEmpty();
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectory(to);
    try (var files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }
}
