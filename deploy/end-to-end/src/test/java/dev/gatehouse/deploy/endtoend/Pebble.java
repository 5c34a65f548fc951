package dev.gatehouse.deploy.endtoend;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.net.SelfSignedCertificate;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate authority of its own that speaks ACME: {@code pebble}. */
final class Pebble implements AutoCloseable {
  private final Process process;
  private final int port;
  private final int managementPort;
  private final Path ownCertificate;

  private Pebble(Process process, int port, int managementPort, Path ownCertificate) {
    this.process = process;
    this.port = port;
    this.managementPort = managementPort;
    this.ownCertificate = ownCertificate;
  }

  /**
   * Starts it and waits until it answers.
   *
   * @param dns whom it asks for addresses
   * @param httpPort at which it looks for hosts in the clear
   * @param tlsPort at which it looks for hosts by TLS
   * @param validity of what it issues
   */
  static Pebble start(Path folder, String dns, int httpPort, int tlsPort, Duration validity)
      throws Exception {
    Path program =
        Stream.of(System.getenv("PATH").split(":"))
            .map(entry -> Path.of(entry, "pebble"))
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(null);
    if (program == null && !"1".equals(System.getenv("GATEHOUSE_REQUIRE_PROGRAMS"))) {
      assumeTrue(false, "pebble is not installed");
    }
    ServerFiles own = ServerFiles.write(folder, "localhost");
    int port = CertificateLifeIT.freePort();
    int managementPort = CertificateLifeIT.freePort();
    Path config =
        Files.writeString(
            folder.resolve("pebble.json"),
            """
            {"pebble": {"listenAddress": "127.0.0.1:%d", "managementListenAddress": "127.0.0.1:%d",
              "certificate": "%s", "privateKey": "%s", "httpPort": %d, "tlsPort": %d,
              "ocspResponderURL": "", "externalAccountBindingRequired": false,
              "certificateValidityPeriod": %d}}
            """
                .formatted(
                    port,
                    managementPort,
                    own.certificate(),
                    own.key(),
                    httpPort,
                    tlsPort,
                    validity.toSeconds()));
    ProcessBuilder builder =
        new ProcessBuilder(
            String.valueOf(program), "-config", config.toString(), "-dnsserver", dns);
    builder.environment().put("PEBBLE_VA_NOSLEEP", "1");
    Process process =
        builder
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("pebble.log").toFile())
            .start();
    Pebble pebble = new Pebble(process, port, managementPort, own.certificate());
    pebble.awaitAnswer();
    return pebble;
  }

  private void awaitAnswer() throws Exception {
    while (true) {
      try {
        root();
        return;
      } catch (IOException e) {
        if (!process.isAlive() || Thread.interrupted()) {
          throw e;
        }
        LockSupport.parkNanos(20_000_000);
      }
    }
  }

  URI directory() {
    return URI.create("https://localhost:" + port + "/dir");
  }

  /** What its own TLS is verified by. */
  Path ownCertificate() {
    return ownCertificate;
  }

  /** What trusts those that it has issued certificates to, and nobody else. */
  SSLContext trust() throws Exception {
    return trusting(root());
  }

  private byte[] root() throws IOException {
    try (HttpClient client =
        HttpClient.newBuilder().sslContext(trusting(Files.readAllBytes(ownCertificate))).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("https://localhost:" + managementPort + "/roots/0"))
              .timeout(Duration.ofSeconds(5))
              .build();
      return client.send(request, BodyHandlers.ofByteArray()).body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private static SSLContext trusting(byte[] pem) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    Certificate root =
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
    store.setCertificateEntry("root", root);
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** A server's certificate and key, which it has signed itself. */
  record ServerFiles(Path certificate, Path key) {
    static ServerFiles write(Path folder, String name) throws IOException {
      SelfSignedCertificate made = SelfSignedCertificate.create(name);
      return new ServerFiles(
          Files.copy(Path.of(made.certificatePath()), folder.resolve(name + ".crt")),
          Files.copy(Path.of(made.privateKeyPath()), folder.resolve(name + ".key")));
    }
  }
}
