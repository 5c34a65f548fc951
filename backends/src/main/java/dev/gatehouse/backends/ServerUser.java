package dev.gatehouse.backends;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The account that a server runs under. An ordinary user runs it as itself. For root it is {@code
 * nobody}: PostgreSQL refuses to run as root, and Redis should not.
 */
final class ServerUser {
  /** What every Linux distribution calls nobody and nogroup. */
  private static final int NOBODY = 65534;

  private static final List<String> BECOME_NOBODY =
      List.of(
          "setpriv",
          "--reuid=" + NOBODY,
          "--regid=" + NOBODY,
          "--clear-groups",
          "--inh-caps=-all",
          "--bounding-set=-all");

  /** Lets nobody pass through directories above its own that are closed to it, as /root is. */
  private static final List<String> BECOME_NOBODY_AND_PASS =
      List.of(
          "setpriv",
          "--reuid=" + NOBODY,
          "--regid=" + NOBODY,
          "--clear-groups",
          "--inh-caps=-all,+dac_read_search",
          "--ambient-caps=-all,+dac_read_search",
          "--bounding-set=-all,+dac_read_search");

  private final boolean root;
  private final List<String> prefix;

  private ServerUser(boolean root, List<String> prefix) {
    this.root = root;
    this.prefix = prefix;
  }

  /** Whether this process is root's. */
  static boolean isRoot() {
    try {
      return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Makes a directory that belongs to the server's account alone, and finds out how that account
   * reaches it.
   *
   * @throws BackendException.ProgramMissing if this is root and there is no {@code setpriv}
   * @throws BackendException.DirectoryNotUsable if the account cannot use the directory
   */
  static ServerUser owning(Path directory) {
    try {
      Files.createDirectories(directory);
      ServerUser user = isRoot() ? new ServerUser(true, BECOME_NOBODY) : ordinary();
      user.own(directory);
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
      return user.root ? reaching(directory) : user;
    } catch (IOException e) {
      throw BackendException.fromIo("The server", directory, e);
    }
  }

  private static ServerUser ordinary() {
    return new ServerUser(false, List.of());
  }

  private static ServerUser reaching(Path directory) throws IOException {
    for (List<String> prefix : List.of(BECOME_NOBODY, BECOME_NOBODY_AND_PASS)) {
      ServerUser user = new ServerUser(true, prefix);
      if (user.canWrite(directory)) {
        return user;
      }
    }
    throw new BackendException.DirectoryNotUsable(
        directory,
        "as root the servers run as nobody, who cannot reach it; choose a directory outside of"
            + " root's home, or run as an ordinary user");
  }

  /** Hands a file or directory over to the account. */
  void own(Path file) throws IOException {
    if (root) {
      Files.setAttribute(file, "unix:uid", NOBODY);
      Files.setAttribute(file, "unix:gid", NOBODY);
    }
  }

  /** What stands before a command line so that it runs under the account. */
  List<String> prefix() {
    return prefix;
  }

  private boolean canWrite(Path directory) throws IOException {
    List<String> probe = new ArrayList<>(prefix);
    probe.addAll(
        List.of("sh", "-c", "test -x \"$1\" && test -w \"$1\"", "sh", directory.toString()));
    Process process;
    try {
      process =
          new ProcessBuilder(probe)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      throw new BackendException.ProgramMissing(
          "setpriv",
          "as root the servers run under another account, which takes setpriv of util-linux;"
              + " install it, or run as an ordinary user");
    }
    try {
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      process.destroyForcibly();
    }
  }
}
