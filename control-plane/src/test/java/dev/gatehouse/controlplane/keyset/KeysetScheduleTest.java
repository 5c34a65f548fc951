package dev.gatehouse.controlplane.keyset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.ControlPlane;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.MigratedDatabase;
import dev.gatehouse.controlplane.OneControlPlane;
import dev.gatehouse.controlplane.Sql;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** That keys are succeeded by themselves. */
@Timeout(60)
class KeysetScheduleTest {
  private static final JsonObject PLAIN = JsonObject.of("plaintext", "c2VjcmV0");

  @Test
  void succeedsKeysThatAreOldOrWereUsedMuchAndNoOthers() {
    String url = MigratedDatabase.freshUrl();
    KeysetConfig often =
        new KeysetConfig(Duration.ofDays(90), 1L << 30, Duration.ofMillis(50), Optional.empty());
    try (ControlPlane controlPlane = OneControlPlane.start(url, often);
        Sql sql = new Sql(url)) {
      ApiClient api = OneControlPlane.operator(controlPlane);
      String old = tenantWithAKey(api);
      String used = tenantWithAKey(api);
      String fresh = tenantWithAKey(api);
      String before = api.post(old + "/keys/encrypt", PLAIN).json().getString("ciphertext");
      sql.execute(
          """
          UPDATE tenant_keyset SET rotated_at = now() - interval '91 days'
           WHERE tenant_id = '%s'
          """
              .formatted(idOf(old)));
      sql.execute(
          "UPDATE tenant_key SET used = 1 << 30 WHERE tenant_id = '%s'".formatted(idOf(used)));
      Sql.await(() -> keys(sql, old) == 2 && keys(sql, used) == 2);
      assertThat(keys(sql, fresh)).isEqualTo(1);
      assertThat(api.post(old + "/keys/decrypt", JsonObject.of("ciphertext", before)).status())
          .isEqualTo(200);
      String after = api.post(used + "/keys/encrypt", PLAIN).json().getString("ciphertext");
      assertThat(after).isNotEqualTo(before);
      assertThat(sql.count("SELECT count(*) FROM audit.entry WHERE action = 'keyset.rotate'"))
          .isEqualTo(2);
    }
  }

  @Test
  void tellsOnceOfAKeysetThatIsDueAndHasNoRoom() {
    String url = MigratedDatabase.freshUrl();
    KeysetConfig often =
        new KeysetConfig(Duration.ofDays(90), 1L << 30, Duration.ofMillis(50), Optional.empty());
    try (ControlPlane controlPlane = OneControlPlane.start(url, often);
        Sql sql = new Sql(url)) {
      ApiClient api = OneControlPlane.operator(controlPlane);
      String tenant = tenantWithAKey(api);
      String oldest =
          api.get(tenant + "/keys")
              .json()
              .getJsonArray("items")
              .getJsonObject(0)
              .getJsonArray("versions")
              .getJsonObject(0)
              .getString("id");
      for (int key = 1; key < KeysetService.MOST_KEYS; key++) {
        assertThat(api.post(tenant + "/keys/data/rotate").status()).isEqualTo(200);
      }
      assertThat(api.post(tenant + "/keys/data/rotate").problem()).isEqualTo("too-many-keys");
      assertThat(api.get(tenant + "/keys").text()).doesNotContain("fullSince");
      sql.execute("UPDATE tenant_keyset SET rotated_at = now() - interval '91 days'");
      String full = "SELECT count(*) FROM audit.entry WHERE action = 'keyset.full'";
      Sql.await(() -> sql.count(full) == 1);
      assertThat(api.get(tenant + "/keys").text()).contains("fullSince");
      assertThat(api.post(tenant + "/keys/encrypt", PLAIN).status()).isEqualTo(200);

      assertThat(api.delete(tenant + "/keys/data/" + oldest).status()).isEqualTo(204);
      Sql.await(
          () -> sql.count("SELECT count(*) FROM audit.entry WHERE action = 'keyset.rotate'") == 1);
      assertThat(api.get(tenant + "/keys").text()).doesNotContain("fullSince");
      assertThat(sql.count(full)).isEqualTo(1);
    }
  }

  @Test
  void refusesABoundThatNoncesDoNotAllow() {
    assertThatThrownBy(() ->
            new KeysetConfig(
                Duration.ofDays(90), (1L << 32) + 1, Duration.ofMinutes(1), Optional.empty()))
        .hasMessageContaining("rotateAfter");
  }

  private static String tenantWithAKey(ApiClient api) {
    String tenant = "/v1/tenants/" + api.post("/v1/tenants", Fresh.tenant()).json().getString("id");
    assertThat(api.post(tenant + "/keys/encrypt", PLAIN).status()).isEqualTo(200);
    return tenant;
  }

  private static String idOf(String tenant) {
    return tenant.substring(tenant.lastIndexOf('/') + 1);
  }

  private static long keys(Sql sql, String tenant) {
    return sql.count("SELECT count(*) FROM tenant_key WHERE tenant_id = ?::uuid", idOf(tenant));
  }
}
