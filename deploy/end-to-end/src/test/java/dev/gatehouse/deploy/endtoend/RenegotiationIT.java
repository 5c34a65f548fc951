package dev.gatehouse.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.net.SelfSignedCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An installed gateway does not begin handshakes anew, which cost it more than the client. */
@Timeout(120)
class RenegotiationIT {
  @TempDir private Path scratch;

  @Test
  void isRefusedToClients() throws Exception {
    SelfSignedCertificate certificate = SelfSignedCertificate.create("example.test");
    int port = InstalledParts.freePort();
    String https =
        "https: {host: 127.0.0.1, port: %d, certificate: \"%s\", key: \"%s\"}"
            .formatted(port, certificate.certificatePath(), certificate.privateKeyPath());
    try (InstalledParts parts = new InstalledParts(scratch)) {
      Process gateway = parts.startGateway("gateway", InstalledParts.freePort(), 0, https);
      try (SSLSocket socket = connect(trusting(certificate), port)) {
        socket.setSoTimeout(10_000);
        socket.setEnabledProtocols(new String[] {"TLSv1.2"});
        socket.startHandshake();
        assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.2");

        assertThatThrownBy(
                () -> {
                  socket.startHandshake();
                  int _ = socket.getInputStream().read();
                })
            .isInstanceOf(SSLException.class);
      } finally {
        gateway.destroy();
        gateway.waitFor();
      }
    }
  }

  private static SSLSocket connect(SSLContext context, int port) {
    while (true) {
      try {
        return (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
      } catch (IOException notYet) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
    }
  }

  private static SSLContext trusting(SelfSignedCertificate certificate) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(Path.of(certificate.certificatePath()))) {
      store.setCertificateEntry(
          "own", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLSv1.2");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
