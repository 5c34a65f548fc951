package dev.gatehouse.controlplane.customerkey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.backends.TestBackends;
import dev.gatehouse.contract.context.TenantContext;
import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.ControlPlane;
import dev.gatehouse.controlplane.EdgeView;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.MigratedDatabase;
import dev.gatehouse.controlplane.OneControlPlane;
import dev.gatehouse.controlplane.Partitions;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.Sql;
import dev.gatehouse.controlplane.keyset.KeysetConfig;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the data are of a tenant that withholds its key, nobody is told. */
@Timeout(120)
class WithheldConnectionTest {
  private static final String TOKEN = "hvs.a";

  private final ControlPlane controlPlane =
      OneControlPlane.startBesideServices(
          MigratedDatabase.freshUrl(),
          new KeysetConfig(
              Duration.ofDays(90),
              1L << 30,
              Duration.ofMillis(200),
              Optional.empty(),
              Duration.ofMillis(200),
              Duration.ofSeconds(40),
              1000,
              2000));
  private final ApiClient api = OneControlPlane.operator(controlPlane);

  @AfterEach
  void stop() {
    controlPlane.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"shared", "schema", "database"})
  void saysNothingUntilTheKeyIsThereAgain(String strategy) throws Exception {
    String partition = Partitions.ready(api, TestBackends.freshDatabaseUrl());
    JsonObject config = JsonObject.of("database", JsonObject.of("strategy", strategy));
    String tenant =
        api.post("/v1/tenants", Fresh.tenant().put("config", config)).header("Location");
    Sql.await(() -> api.get(tenant + "/placement").json().getString("state").equals("placed"));
    try (TransitServer service = new TransitServer();
        EdgeView edge = new EdgeView(controlPlane)) {
      ApiClient application = edge.application();
      String context =
          edge.context(
              partition.substring(partition.lastIndexOf('/') + 1),
              UUID.fromString(tenant.substring(tenant.lastIndexOf('/') + 1)));
      JsonObject key = service.document("gatehouse", TOKEN);
      assertThat(api.put(tenant + "/key-encryption-key", key).status()).isEqualTo(201);
      JsonObject before = connection(application, tenant, context).json();
      assertThat(before.getString("password")).isNotEmpty();

      service.revoke(TOKEN);
      Sql.await(() -> connection(application, tenant, context).status() != 200);

      Reply refused = connection(application, tenant, context);
      assertThat(refused.status()).isEqualTo(409);
      assertThat(refused.problem()).isEqualTo("key-withheld");
      assertThat(refused.text()).doesNotContain(before.getString("password"));

      service.allow(TOKEN);
      Sql.await(() -> connection(application, tenant, context).status() == 200);
      assertThat(connection(application, tenant, context).json()).isEqualTo(before);
    }
  }

  private static Reply connection(ApiClient application, String tenant, String context) {
    return application.get(tenant + "/connection", TenantContext.HEADER, context);
  }
}
