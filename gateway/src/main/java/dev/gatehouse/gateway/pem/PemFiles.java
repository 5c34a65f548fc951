package dev.gatehouse.gateway.pem;

import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files in PEM that a configuration names. Reads the disk: at the start alone. */
public final class PemFiles {
  private PemFiles() {}

  /**
   * Sees to it that one can be read.
   *
   * @throws IllegalArgumentException if not; the message has the setting's name and the file's
   */
  public static void requireReadable(String setting, Path file) {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new IllegalArgumentException(
          setting + " must be a file that can be read, found " + file);
    }
  }

  /** Trusts the authorities in one, and no other. */
  public static PemTrustOptions trusting(Path file) {
    return new PemTrustOptions().addCertPath(file.toString());
  }
}
