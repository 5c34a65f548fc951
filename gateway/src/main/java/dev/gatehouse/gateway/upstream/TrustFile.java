package dev.gatehouse.gateway.upstream;

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
      var found =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
      if (found.isEmpty()) {
        throw new IllegalArgumentException("upstream.trust: there is no certificate in " + file);
      }
      return EndpointTls.trusting(found);
    } catch (IOException | CertificateException e) {
      throw new IllegalArgumentException(
          "upstream.trust: no certificates can be read from " + file + ": " + e.getMessage(), e);
    }
  }
}
