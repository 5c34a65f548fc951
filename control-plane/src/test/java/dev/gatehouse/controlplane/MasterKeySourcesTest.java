package dev.gatehouse.controlplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.controlplane.customerkey.KeyServiceConfig;
import dev.gatehouse.controlplane.customerkey.TransitServer;
import dev.gatehouse.controlplane.secret.DecapsulationKey;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** That a master key comes from a key service, or in two halves, and changes into that and out. */
@Timeout(120)
class MasterKeySourcesTest {
  private static final String PLAIN = OneControlPlane.MASTER_KEY;
  private static final String TOKEN = "hvs.t0ken-that-can-be-found";

  private final String url = MigratedDatabase.freshUrl();
  private final ControlPlaneConfig config = RunningControlPlane.config(url);
  private final Sql sql = new Sql(url);
  private String operatorToken = "";
  private String tenant = "";
  private String ciphertext = "";

  @TempDir private Path folder;

  @AfterEach
  void stop() {
    sql.close();
  }

  @Test
  void changesIntoAKeyOfAKeyServiceAndOutOfIt() throws Exception {
    plant();
    try (TransitServer service = new TransitServer()) {
      ControlPlaneConfig beside = config.withKeySources(Optional.of(at(service)), Optional.empty());
      String wrapped = "kms:" + wrapped(beside, service);
      rotate(beside, wrapped, PLAIN);
      try (ControlPlane alone = ControlPlane.start(beside.withMasterKeys(wrapped, List.of()))) {
        assertOpens(alone);
      }
      service.revoke(TOKEN);
      assertThatThrownBy(() -> ControlPlane.start(beside.withMasterKeys(wrapped, List.of())))
          .hasMessageContaining("masterKey")
          .hasMessageContaining("403")
          .hasMessageNotContaining(TOKEN);
      service.allow(TOKEN);
      rotate(beside, PLAIN, wrapped);
      assertThatThrownBy(() -> config.withMasterKeys(wrapped, List.of()))
          .hasMessageContaining("keyService");
    }
    try (ControlPlane alone = ControlPlane.start(config)) {
      assertOpens(alone);
    }
  }

  @Test
  void changesIntoAKeyOfTwoHalvesAndOutOfItAndOpensWithBothAlone() throws Exception {
    plant();
    DecapsulationKey.Made made = DecapsulationKey.make();
    Path file = folder.resolve("ml-kem");
    Files.writeString(file, made.decapsulationKey() + "\n");
    ControlPlaneConfig both = config.withKeySources(Optional.empty(), Optional.of("file:" + file));
    String hybrid = PLAIN + " + ml-kem:" + made.encapsulated();
    rotate(both, hybrid, PLAIN);
    try (ControlPlane alone = ControlPlane.start(both.withMasterKeys(hybrid, List.of()))) {
      assertOpens(alone);
    }
    assertThatThrownBy(() -> ControlPlane.start(config))
        .as("the first half alone")
        .hasMessageContaining("another masterKey");
    assertThatThrownBy(() -> config.withMasterKeys(hybrid, List.of()))
        .hasMessageContaining("decapsulationKey");
    ControlPlaneConfig foreign =
        config.withKeySources(
            Optional.empty(), Optional.of(DecapsulationKey.make().decapsulationKey()));
    assertThatThrownBy(() -> ControlPlane.start(foreign.withMasterKeys(hybrid, List.of())))
        .hasMessageContaining("another masterKey");
    String otherFirst = otherKey() + " + ml-kem:" + made.encapsulated();
    assertThatThrownBy(() -> ControlPlane.start(both.withMasterKeys(otherFirst, List.of())))
        .hasMessageContaining("another masterKey");
    rotate(both, PLAIN, hybrid);
    try (ControlPlane alone = ControlPlane.start(config)) {
      assertOpens(alone);
    }
  }

  @Test
  void refusesHalvesThatAreNone() {
    ControlPlaneConfig both =
        config.withKeySources(
            Optional.empty(), Optional.of(DecapsulationKey.make().decapsulationKey()));
    assertThatThrownBy(() -> both.withMasterKeys(PLAIN + " + ml-kem:AAAA", List.of()))
        .hasMessageContaining("1088")
        .hasMessageNotContaining(PLAIN);
    assertThatThrownBy(() -> config.withKeySources(Optional.empty(), Optional.of(PLAIN)))
        .hasMessageContaining("decapsulationKey")
        .hasMessageNotContaining(PLAIN);
  }

  private void plant() {
    try (ControlPlane controlPlane = ControlPlane.start(config)) {
      operatorToken = controlPlane.firstTokens().orElseThrow().operatorToken();
      ApiClient api = OneControlPlane.operator(controlPlane);
      tenant = "/v1/tenants/" + api.post("/v1/tenants", Fresh.tenant()).json().getString("id");
      JsonObject plain = JsonObject.of("plaintext", "c2VjcmV0");
      ciphertext = api.post(tenant + "/keys/encrypt", plain).json().getString("ciphertext");
    }
  }

  private void rotate(ControlPlaneConfig how, String to, String from) {
    try (ControlPlane controlPlane = ControlPlane.start(how.withMasterKeys(to, List.of(from)))) {
      assertOpens(controlPlane);
      Sql.await(() -> sql.count("SELECT count(*) FROM master_key WHERE retired_at IS NULL") == 1);
    }
  }

  private void assertOpens(ControlPlane controlPlane) {
    Reply reply =
        OneControlPlane.client(controlPlane, operatorToken)
            .post(tenant + "/keys/decrypt", JsonObject.of("ciphertext", ciphertext));
    assertThat(reply.json().getString("plaintext")).as(reply.text()).isEqualTo("c2VjcmV0");
  }

  private KeyServiceConfig at(TransitServer service) throws Exception {
    JsonObject document = service.document("platform", TOKEN);
    Path authorities = folder.resolve("authorities.pem");
    Files.writeString(authorities, document.getString("certificates"));
    return new KeyServiceConfig(
        URI.create(service.url()),
        "platform",
        KeyServiceConfig.MOUNT,
        Optional.empty(),
        TOKEN,
        Optional.of(authorities));
  }

  /** What an operator has the service make of a new key. */
  private static String wrapped(ControlPlaneConfig beside, TransitServer service) throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      byte[] key = Base64.getDecoder().decode(otherKey());
      byte[] purpose = "gatehouse/master-key".getBytes(UTF_8);
      assertThat(service.calls()).isZero();
      return new String(beside.keyService().orElseThrow().open(vertx).encrypt(key, purpose), UTF_8);
    } finally {
      vertx.close().await();
    }
  }

  private static String otherKey() {
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    return Base64.getEncoder().encodeToString(key);
  }
}
