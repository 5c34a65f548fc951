package dev.gatehouse.gateway.outside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.edge.EdgeClientAuthority.SubjectName;
import dev.gatehouse.gateway.Platform;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient;
import dev.gatehouse.gateway.RawClient.Response;
import dev.gatehouse.gateway.tls.TestAuthority;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that resumes its session of one host at another, which the JDK's own would not do. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResumedSessionIT {
  private static final TestAuthority ROOT = TestAuthority.root("Acme");

  private Path folder;
  private Platform platform;
  private TestTenant asking;
  private TestTenant others;
  private TestTenant silent;

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    folder = temporary;
    platform = Platform.withTls();
    asking = asking(ROOT);
    others = asking(TestAuthority.root("Acme"));
    silent = platform.tenant();
    TestAuthority client = ROOT.order("CN=alice").issue();
    Files.writeString(folder.resolve("certificate.pem"), client.pem());
    Files.writeString(folder.resolve("key.pem"), client.keyPem());
  }

  @AfterAll
  void stop() {
    platform.close();
  }

  private TestTenant asking(TestAuthority root) throws InterruptedException {
    TestTenant tenant =
        platform.tenant(
            edge -> Platform.with(edge, Set.of(AuthenticationMethod.CLIENT_CERTIFICATE)));
    platform.feed.awaitApplied(
        platform.feed.put(root.of(tenant.edge().id(), SubjectName.COMMON_NAME)));
    return tenant;
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void bringsNoCertificateAlongThatDoesNotCount(String version) throws Exception {
    String session = folder.resolve("session" + version).toString();
    String first =
        ask(
            asking,
            asking,
            version,
            "-sess_out",
            session,
            "-cert",
            path("certificate.pem"),
            "-key",
            path("key.pem"));
    assertThat(first).contains("HTTP/1.1 200");

    assertThat(ask(asking, asking, version, "-sess_in", session))
        .as("where it began")
        .contains("Reused, TLS", "HTTP/1.1 200");
    assertThat(ask(others, others, version, "-sess_in", session))
        .as("where another tenant asks, whose authority does not vouch")
        .contains("HTTP/1.1 401");
    assertThat(ask(silent, asking, version, "-sess_in", session))
        .as("where nobody asks")
        .contains("New, TLS", "HTTP/1.1 421")
        .doesNotContain("Reused, TLS");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void aTicketOfBeforeTheKeysWereRotatedOpensNothing(String version) throws Exception {
    String session = folder.resolve("rotated" + version).toString();
    assertThat(ask(silent, silent, version, "-sess_out", session)).contains("New, TLS");
    assertThat(ask(silent, silent, version, "-sess_in", session)).contains("Reused, TLS");

    Response rotated =
        RawClient.send(
            platform.gateway.adminPort(), "POST /ticket-keys/rotate HTTP/1.1", "Host: localhost");

    assertThat(rotated.status()).isEqualTo(200);
    assertThat(ask(silent, silent, version, "-sess_in", session, "-sess_out", session))
        .contains("New, TLS")
        .doesNotContain("Reused, TLS");
    assertThat(ask(silent, silent, version, "-sess_in", session))
        .as("what the new keys have sealed")
        .contains("Reused, TLS");
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  /** All that openssl says, and the answer. */
  private String ask(TestTenant serverName, TestTenant host, String... options) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Program.OPENSSL.path(),
                "s_client",
                "-connect",
                "127.0.0.1:" + platform.gateway.httpsPort().orElseThrow(),
                "-servername",
                serverName.host(),
                "-ign_eof"));
    command.addAll(List.of(options));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process
        .outputWriter(StandardCharsets.US_ASCII)
        .append("GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(host.host()))
        .flush();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return said;
  }
}
