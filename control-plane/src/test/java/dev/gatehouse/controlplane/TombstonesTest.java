package dev.gatehouse.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.controlplane.access.FirstTokens;
import dev.gatehouse.controlplane.keyset.KeysetConfig;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** That what was deleted stays so on a database from before. */
@Timeout(120)
class TombstonesTest {
  private static final List<String> TABLES = List.of("tenant_keyset", "tenant_key");

  @TempDir private Path folder;
  private final String url = MigratedDatabase.freshUrl();
  private final Sql sql = new Sql(url);
  private String operatorToken = "";
  private String id = "";
  private String ciphertext = "";

  @AfterEach
  void stop() {
    sql.close();
  }

  @Test
  void keepsATenantDeadThatABackupBringsBack() throws Exception {
    deleteOneAndRestore(Optional.of(folder.resolve("tombstones")));
    assertThat(Files.readString(folder.resolve("tombstones"))).contains(id);
    try (ControlPlane after = start(Optional.of(folder.resolve("tombstones")))) {
      ApiClient api = OneControlPlane.client(after, operatorToken);
      assertThat(decrypt(api).status()).isEqualTo(404);
      assertThat(api.get("/v1/tenants/" + id).status()).isEqualTo(404);
      assertThat(sql.count("SELECT count(*) FROM tenant_keyset")).isZero();
      assertThat(sql.count("SELECT count(*) FROM audit.entry WHERE action = 'tombstone.delete'"))
          .isEqualTo(1);
    }
  }

  @Test
  void bringsItBackWhereThereIsNoFile() {
    deleteOneAndRestore(Optional.empty());
    try (ControlPlane after = start(Optional.empty())) {
      assertThat(decrypt(OneControlPlane.client(after, operatorToken)).status()).isEqualTo(200);
    }
  }

  @Test
  void learnsOfThoseThatOtherInstancesHaveDeleted() throws Exception {
    deleteOneAndRestore(Optional.empty());
    sql.execute("UPDATE tenant SET status = 'deleted'");
    Path file = folder.resolve("of-another");
    Files.writeString(file, "0190-cut-off");
    start(Optional.of(file)).close();
    assertThat(Files.readAllLines(file)).contains(id);
  }

  @Test
  void doesNotStartWhereTheFileCannotBeRead() {
    assertThatThrownBy(() -> start(Optional.of(folder))).hasMessageContaining("tombstones");
  }

  private void deleteOneAndRestore(Optional<Path> tombstones) {
    try (ControlPlane controlPlane = start(tombstones)) {
      FirstTokens tokens = controlPlane.firstTokens().orElseThrow();
      operatorToken = tokens.operatorToken();
      ApiClient api = OneControlPlane.operator(controlPlane);
      id = api.post("/v1/tenants", Fresh.tenant()).json().getString("id");
      ciphertext =
          api.post("/v1/tenants/" + id + "/keys/encrypt", JsonObject.of("plaintext", "c2VjcmV0"))
              .json()
              .getString("ciphertext");
      assertThat(decrypt(api).status()).isEqualTo(200);
      sql.execute("CREATE TABLE old_tenant AS SELECT * FROM tenant");
      for (String table : TABLES) {
        sql.execute("CREATE TABLE old_" + table + " AS SELECT * FROM " + table);
      }
      assertThat(api.delete("/v1/tenants/" + id).status()).isLessThan(300);
      Sql.await(() -> sql.count("SELECT count(*) FROM tenant_keyset") == 0);
      Sql.await(() -> sql.count("SELECT count(*) FROM job WHERE kind = 'erasure'") == 0);
    }
    sql.execute(
        """
        UPDATE tenant t SET status = o.status, document = o.document, name = o.name
          FROM old_tenant o WHERE o.id = t.id
        """);
    for (String table : TABLES) {
      sql.execute("INSERT INTO " + table + " SELECT * FROM old_" + table);
      sql.execute("DROP TABLE old_" + table);
    }
    sql.execute("DROP TABLE old_tenant");
  }

  private Reply decrypt(ApiClient api) {
    return api.post("/v1/tenants/" + id + "/keys/decrypt", JsonObject.of("ciphertext", ciphertext));
  }

  private ControlPlane start(Optional<Path> tombstones) {
    KeysetConfig defaults = KeysetConfig.DEFAULT;
    return ControlPlane.start(
        RunningControlPlane.config(url)
            .withKeysets(
                new KeysetConfig(
                    defaults.rotateEvery(),
                    defaults.rotateAfter(),
                    defaults.checkEvery(),
                    tombstones)));
  }
}
