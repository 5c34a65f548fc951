package dev.gatehouse.controlplane.acme;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.connector.Connection;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.provider.GenericAcmeProvider;

/** How the authority is reached: over TLS, within a bound of time, without redirects. */
final class AcmeSessions {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private AcmeSessions() {}

  /**
   * Makes ready to ask; asks nobody yet. Reads a file.
   *
   * @throws IllegalArgumentException if the file of authorities cannot be used
   */
  static Session open(AcmeConfig config) {
    HttpClient.Builder client =
        HttpClient.newBuilder().connectTimeout(TIMEOUT).followRedirects(HttpClient.Redirect.NEVER);
    config.trust().ifPresent(file -> client.sslContext(trusting(file)));
    Session session = new Session(config.directory(), new Provider(client.build()));
    session.networkSettings().setTimeout(TIMEOUT);
    return session;
  }

  private static SSLContext trusting(Path file) {
    try (InputStream pem = Files.newInputStream(file)) {
      KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
      authorities.load(null, null);
      int number = 0;
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        authorities.setCertificateEntry("authority-" + number++, certificate);
      }
      if (number == 0) {
        throw new IllegalArgumentException("acme.trust holds no certificate: " + file);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(authorities);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, factory.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException("acme.trust cannot be used: " + e.getMessage(), e);
    }
  }

  /** Any authority, by a client of our own. */
  private static final class Provider extends GenericAcmeProvider {
    private final HttpClient client;

    Provider(HttpClient client) {
      this.client = client;
    }

    @Override
    public Connection connect(URI server, NetworkSettings settings, HttpClient theirs) {
      return super.connect(server, settings, client);
    }
  }
}
