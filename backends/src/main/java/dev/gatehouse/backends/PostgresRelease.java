package dev.gatehouse.backends;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A release of PostgreSQL whose programs can be run.
 *
 * @param version such as {@code 18.6}; each is unpacked once
 * @param archive its programs, a tar file packed with xz
 */
public record PostgresRelease(String version, Archive archive) {
  /** The one that comes along. */
  public static final PostgresRelease BUNDLED =
      new PostgresRelease("18.6", () -> resource("/postgres-linux-x86_64.txz"));

  private static final int FIRST_WITH_BUILTIN_LOCALES = 17;

  /** Opens an archive. */
  @FunctionalInterface
  public interface Archive {
    /** The archive from its beginning; whoever asks closes it. */
    InputStream open() throws IOException;
  }

  /** One that lies in a file. */
  public static PostgresRelease in(Path file, String version) {
    return new PostgresRelease(version, () -> Files.newInputStream(file));
  }

  /** Which releases can use each other's data. */
  String major() {
    return version.substring(0, version.indexOf('.'));
  }

  boolean hasBuiltinLocales() {
    return Integer.parseInt(major()) >= FIRST_WITH_BUILTIN_LOCALES;
  }

  private static InputStream resource(String name) throws IOException {
    InputStream stream = PostgresRelease.class.getResourceAsStream(name);
    if (stream == null) {
      throw new FileNotFoundException(name + " is not on the class path");
    }
    return stream;
  }
}
