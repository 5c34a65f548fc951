package dev.gatehouse.gateway.pem;

import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;

/** Files in PEM that a configuration names. Reads the disk: at the start alone. */
public final class PemFiles {
  private static final int MOST_BYTES = 4 << 20;

  private PemFiles() {}

  /**
   * Sees to it that there are certificates in one.
   *
   * @throws IllegalArgumentException if not; the message has the setting's name and the file's
   */
  public static void requireCertificates(String setting, Path file) {
    requireReadable(setting, file);
    try (InputStream in = Files.newInputStream(file)) {
      boolean pem = textOf(file).contains("-----BEGIN CERTIFICATE-----");
      if (pem && !CertificateFactory.getInstance("X.509").generateCertificates(in).isEmpty()) {
        return;
      }
    } catch (IOException | CertificateException _) {
      // Said below.
    }
    throw new IllegalArgumentException(
        setting + " must be a file with certificates in PEM, found none in " + file);
  }

  /**
   * Sees to it that there is a private key in one, which nothing else is needed to read.
   *
   * @throws IllegalArgumentException if not; the message has the setting's name and the file's
   */
  public static void requireKey(String setting, Path file) {
    requireReadable(setting, file);
    try {
      String text = textOf(file);
      if (text.contains("PRIVATE KEY-----") && !text.contains("ENCRYPTED")) {
        return;
      }
    } catch (IOException _) {
      // Said below.
    }
    throw new IllegalArgumentException(
        setting
            + " must be a file with a private key in PEM, not encrypted, found none in "
            + file);
  }

  private static String textOf(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }

  private static void requireReadable(String setting, Path file) {
    try {
      if (Files.isRegularFile(file) && Files.isReadable(file) && Files.size(file) <= MOST_BYTES) {
        return;
      }
    } catch (IOException _) {
      // Said below.
    }
    throw new IllegalArgumentException(setting + " must be a file that can be read, found " + file);
  }

  /** Trusts the authorities in one, and no other. */
  public static PemTrustOptions trusting(Path file) {
    return new PemTrustOptions().addCertPath(file.toString());
  }
}
