package dev.gatehouse.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.backends.TlsPostgres;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The control plane on the way to a partition that speaks TLS. */
@Timeout(120)
class PartitionTlsTest {
  private static TlsPostgres server;
  private static ControlPlane controlPlane;
  private static ApiClient api;

  @BeforeAll
  static void start(@TempDir Path folder) throws SQLException {
    server = TlsPostgres.start(folder.resolve("server"));
    controlPlane = ControlPlane.start(RunningControlPlane.config(MigratedDatabase.freshUrl()));
    api = OneControlPlane.operator(controlPlane);
  }

  @AfterAll
  static void stop() {
    controlPlane.close();
    server.close();
  }

  /** One of its own database, so that several can be ready. */
  private static JsonObject partition(String host, String tls) {
    String name = Partitions.freshName();
    try (Sql sql = new Sql(server.url())) {
      sql.execute("CREATE DATABASE " + name);
    }
    return Partitions.registration(name, server.url())
        .put("database", name)
        .put("host", host)
        .put("tls", tls);
  }

  private static String problemOf(JsonObject registration) {
    String path = Partitions.register(api, registration);
    Sql.await(() -> api.get(path).json().containsKey("problem"));
    JsonObject shown = api.get(path).json();
    assertThat(shown.getString("state")).isEqualTo("preparing");
    assertThat(api.delete(path).status()).isEqualTo(204);
    return shown.getString("problem");
  }

  @Test
  void isReadyEncryptedWithWhoeverItIsWhereThatIsEnough() {
    Partitions.awaitReady(api, Partitions.register(api, partition("127.0.0.1", "require")));
  }

  @Test
  void isReadyWhereTheServerProvesItsNameByTheAuthorityThatIsGiven() {
    JsonObject wanted = partition("localhost", "verify-full").put("trust", TlsPostgres.authority());

    String path = Partitions.register(api, wanted);

    Partitions.awaitReady(api, path);
    assertThat(api.get(path).json().getString("trust")).isEqualTo(TlsPostgres.authority());
    assertThat(api.get(path).json().containsKey("problem")).isFalse();
  }

  @Test
  void goesOnWhenTheRightAuthorityIsGiven() {
    String path = Partitions.register(api, partition("localhost", "verify-full"));
    Sql.await(() -> api.get(path).json().containsKey("problem"));
    assertThat(api.get(path).json().getString("problem"))
        .startsWith(
            "the certificate of localhost:%d is of no authority that is trusted: give the PEM of its authority as trust"
                .formatted(server.port()));

    assertThat(api.patch(path, JsonObject.of("trust", TlsPostgres.authority())).status())
        .isEqualTo(200);

    Partitions.awaitReady(api, path);
  }

  @Test
  void saysThatTheCertificateIsOfAnotherAuthority() {
    assertThat(
            problemOf(
                partition("localhost", "verify-full").put("trust", TlsPostgres.otherAuthority())))
        .contains("is of no authority that is trusted");
  }

  @Test
  void saysThatTheCertificateIsNotForThisName() {
    assertThat(
            problemOf(partition("127.0.0.1", "verify-full").put("trust", TlsPostgres.authority())))
        .startsWith(
            "the certificate of 127.0.0.1:%d is not for this name: have it made for it"
                .formatted(server.port()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"require", "verify-full"})
  void saysThatTheServerSpeaksNoTls(String tls) throws SQLException {
    server.speakTls(false);
    try {
      assertThat(problemOf(partition("localhost", tls)))
          .isEqualTo(
              "localhost:%d does not speak TLS, which is required: set ssl = on there, or tls of the partition to disable"
                  .formatted(server.port()));
    } finally {
      server.speakTls(true);
    }
  }

  @Test
  void refusesAuthoritiesThatNobodyWouldAskOrThatAreNone() {
    for (JsonObject wrong :
        new JsonObject[] {
          partition("localhost", "require").put("trust", TlsPostgres.authority()),
          partition("localhost", "verify-full").put("trust", "no PEM"),
          partition("localhost", "verify-full").put("trust", Fresh.certificate("leaf")),
          partition("localhost", "verify-full").put("trust", Fresh.certificate("expired"))
        }) {
      Reply refused = api.post("/v1/partitions", wrong);
      assertThat(refused.problem()).as(refused.toString()).isEqualTo("invalid-body");
      assertThat(refused.pointers()).containsExactly("/trust");
    }
  }
}
