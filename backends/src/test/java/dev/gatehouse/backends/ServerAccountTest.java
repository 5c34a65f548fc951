package dev.gatehouse.backends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers of programs that are killed, that ordinary users start, and that find the disk full. */
@Timeout(180)
class ServerAccountTest {
  private static final int NOBODY = 65534;

  @TempDir private Path directory;

  @Test
  void theServersEndWhenTheirParentIsKilled() throws Exception {
    Process parent = fork(List.of(), System.getProperty("java.class.path"), directory);
    List<ProcessHandle> servers = serversOf(parent);

    parent.destroyForcibly();

    for (ProcessHandle server : servers) {
      assertThat(server.onExit().get(30, TimeUnit.SECONDS).isAlive()).isFalse();
    }
  }

  @Test
  void anOrdinaryUserStartsThem() throws Exception {
    assumeTrue(ServerUser.isRoot(), "an ordinary user runs all the other tests as itself");
    openToNobody(directory);
    Path home = Files.createDirectory(directory.resolve("home"));
    openToNobody(home);
    Process parent =
        fork(
            List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"),
            copyOfClassPath(Files.createDirectory(directory.resolve("lib"))),
            home);
    List<ProcessHandle> servers = serversOf(parent);

    parent.getOutputStream().close();

    assertThat(parent.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(parent.exitValue()).isZero();
    assertThat(servers).noneMatch(ProcessHandle::isAlive);
  }

  @Test
  void saysThatThereIsNoDiskSpaceLeft() throws Exception {
    Path small = Files.createDirectory(directory.resolve("small"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", small.toString()) == 0,
        "mounting a small file system takes a capability");
    try {
      assertThatThrownBy(() -> EmbeddedPostgres.start(small.resolve("postgres"), 0))
          .isInstanceOf(BackendException.NoSpace.class)
          .hasMessageContaining("no disk space left for " + small.resolve("postgres"));
    } finally {
      // Lazily: the kernel may still be letting go of what the failed server had open.
      run("umount", "-l", small.toString());
    }
  }

  private static Process fork(List<String> prefix, String classPath, Path home) throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Duser.home=" + home,
            "-cp",
            classPath,
            BothServers.class.getName(),
            home.resolve("data").toString()));
    ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile());
    builder.environment().remove("XDG_CACHE_HOME");
    return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static List<ProcessHandle> serversOf(Process parent) throws IOException {
    String line = "";
    while (line != null && !line.matches("\\d+ \\d+")) {
      line = parent.inputReader().readLine();
    }
    assertThat(line).as("the numbers of the two servers").isNotNull();
    return Pattern.compile(" ")
        .splitAsStream(String.valueOf(line))
        .map(pid -> ProcessHandle.of(Long.parseLong(pid)).orElseThrow())
        .toList();
  }

  /** The build's own class path may lie where an ordinary user cannot read it. */
  private static String copyOfClassPath(Path lib) throws IOException {
    openToNobody(lib);
    List<String> copies = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (entry.isEmpty() || !Files.exists(Path.of(entry))) {
        continue;
      }
      Path copy = lib.resolve(copies.size() + "-" + Path.of(entry).getFileName());
      assertThat(run("cp", "-r", entry, copy.toString())).isZero();
      copies.add(copy.toString());
    }
    return String.join(File.pathSeparator, copies);
  }

  private static void openToNobody(Path path) throws IOException {
    Files.setAttribute(path, "unix:uid", NOBODY);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static int run(String... command) {
    try {
      return new ProcessBuilder(command).start().waitFor();
    } catch (IOException e) {
      return -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }
}
