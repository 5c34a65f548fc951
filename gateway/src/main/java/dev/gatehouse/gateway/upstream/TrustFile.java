package dev.gatehouse.gateway.upstream;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.TrustOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;

/** The authorities whose certificates endpoints may have. */
final class TrustFile {
  private TrustFile() {}

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException if the file cannot be read, or holds no certificate
   */
  static TrustOptions read(Path file) {
    try {
      byte[] pem = Files.readAllBytes(file);
      var found =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem));
      if (found.isEmpty()) {
        throw new IllegalArgumentException("upstream.trust: there is no certificate in " + file);
      }
      return new PemTrustOptions().addCertValue(Buffer.buffer(pem));
    } catch (IOException | CertificateException e) {
      throw new IllegalArgumentException(
          "upstream.trust: no certificates can be read from " + file + ": " + e.getMessage(), e);
    }
  }
}
