package dev.gatehouse.deploy.doctor;

import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** Trusts whom a gateway's configuration trusts, and shows what it shows. Reads the disk. */
final class TlsContext {
  private TlsContext() {}

  /**
   * @param trust PEM file with authorities; those of the Java runtime if absent
   * @param certificate PEM file with a certificate to show
   * @param key PEM file with its key, where there is a certificate
   * @throws IOException if one of them cannot be used
   */
  static SSLContext of(Optional<Path> trust, Optional<Path> certificate, Optional<Path> key)
      throws IOException {
    SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
    try {
      trust.ifPresent(file -> builder.trustManager(file.toFile()));
      if (certificate.isPresent()) {
        builder.keyManager(certificate.get().toFile(), key.orElseThrow().toFile());
      }
      return ((JdkSslContext) builder.build()).context();
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
