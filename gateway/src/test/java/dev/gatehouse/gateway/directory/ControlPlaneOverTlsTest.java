package dev.gatehouse.gateway.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.gateway.tls.TestAuthority;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A control plane behind TLS for which an authority of one's own vouches. */
@Timeout(60)
class ControlPlaneOverTlsTest {
  private static final String TOKEN = SecretToken.generate(SecretToken.Kind.GATEWAY).reveal();

  private final TestAuthority authority = TestAuthority.root("CN=Infrastructure");
  private final Vertx vertx = Vertx.vertx();
  @TempDir private Path folder;
  private int port;

  @BeforeEach
  void start() {
    TestAuthority server = authority.order("CN=control-plane").server("localhost").issue();
    port =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setSsl(true)
                    .setKeyCertOptions(
                        new PemKeyCertOptions()
                            .addCertValue(Buffer.buffer(server.pem()))
                            .addKeyValue(Buffer.buffer(server.keyPem()))))
            .requestHandler(request -> request.response().end(request.getHeader("Authorization")))
            .listen(0, "127.0.0.1")
            .await()
            .actualPort();
  }

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  private Optional<Path> trusting(TestAuthority other) throws IOException {
    return Optional.of(Files.writeString(folder.resolve("trusted.pem"), other.pem()));
  }

  private String ask(String host, Optional<Path> trust) {
    FeedConfig config = new FeedConfig(URI.create("https://" + host + ":" + port), TOKEN, trust);
    ControlPlaneClient client = new ControlPlaneClient(vertx, config);
    try {
      return client.send(HttpMethod.GET, "/", Buffer.buffer()).await().body().toString();
    } finally {
      client.close().await();
    }
  }

  @Test
  void isAskedWhereItsAuthorityIsTrusted() throws Exception {
    assertThat(ask("localhost", trusting(authority))).isEqualTo("Bearer " + TOKEN);
  }

  /** The token must not get there. */
  @Test
  void isNotAskedOtherwise() throws Exception {
    assertThatThrownBy(() -> ask("localhost", Optional.empty()))
        .hasStackTraceContaining("SSLHandshakeException");
    Optional<Path> other = trusting(TestAuthority.root("CN=Other"));
    assertThatThrownBy(() -> ask("localhost", other))
        .hasStackTraceContaining("SSLHandshakeException");
    Optional<Path> right = trusting(authority);
    assertThatThrownBy(() -> ask("127.0.0.1", right)).hasStackTraceContaining("127.0.0.1");
  }

  @Test
  void isNotToBeTrustedInTheClear() throws Exception {
    Optional<Path> trust = trusting(authority);
    assertThatThrownBy(() -> new FeedConfig(URI.create("http://localhost"), TOKEN, trust))
        .hasMessageContaining("url must be https://");
  }
}
