package dev.gatehouse.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PreferWaitTest {
  private final ControlPlane controlPlane =
      ControlPlane.start(RunningControlPlane.config(MigratedDatabase.freshUrl()));
  private final ApiClient api =
      new ApiClient(controlPlane.port(), controlPlane.firstTokens().orElseThrow().operatorToken());
  private TestGateway gateway;

  @BeforeEach
  void connect() throws InterruptedException {
    gateway = connect("gw-a");
  }

  @AfterEach
  void stop() {
    gateway.close();
    controlPlane.close();
  }

  private TestGateway connect(String name) throws InterruptedException {
    return TestGateway.connect(
        name, controlPlane.port(), controlPlane.firstTokens().orElseThrow().gatewayToken());
  }

  @Test
  void answersOnceEveryGatewayHasApplied() {
    gateway.applyEverything();

    Reply created = api.post("/v1/tenants", Fresh.tenant(), "Prefer", "wait=30");

    assertThat(created.status()).isEqualTo(201);
    assertThat(created.header("Preference-Applied")).isEqualTo("wait=30");
    assertThat(created.header("Gatehouse-Lagging")).isEmpty();
    long revision = Long.parseLong(created.header("Gatehouse-Revision"));
    assertThat(appliedRevision()).isGreaterThanOrEqualTo(revision);
  }

  @Test
  void waitsWithEveryKindOfWrite() {
    gateway.applyEverything();

    String path = api.post("/v1/tenants", Fresh.tenant()).header("Location");
    JsonObject name = new JsonObject().put("name", "Another name");
    Reply changed = api.patch(path, name, "Prefer", "wait=30");
    Reply rotated = api.send("POST", "/v1/signing-keys/rotate", "", "Prefer", "wait=30");
    Reply deleted = api.delete(path, "Prefer", "wait=30");

    assertThat(changed.header("Preference-Applied")).isEqualTo("wait=30");
    assertThat(rotated.header("Preference-Applied")).isEqualTo("wait=30");
    assertThat(deleted.header("Preference-Applied")).isEqualTo("wait=30");
  }

  @Test
  void namesTheGatewaysThatHaveNotApplied() throws InterruptedException {
    gateway.applyEverything();
    try (TestGateway _ = connect("gw-idle")) {
      Reply created = api.post("/v1/tenants", Fresh.tenant(), "Prefer", "wait=1");

      assertThat(created.status()).isEqualTo(201);
      assertThat(created.header("Preference-Applied")).isEmpty();
      assertThat(created.header("Gatehouse-Lagging")).isEqualTo("gw-idle");
      assertThat(api.get(created.header("Location")).status()).isEqualTo(200);
    }
  }

  @Test
  void doesNotWaitUnasked() {
    Reply created = api.post("/v1/tenants", Fresh.tenant());

    assertThat(created.header("Gatehouse-Revision")).isNotEmpty();
    assertThat(created.header("Preference-Applied")).isEmpty();
    assertThat(created.header("Gatehouse-Lagging")).isEmpty();
  }

  private long appliedRevision() {
    JsonArray gateways = api.get("/v1/gateways").json().getJsonArray("items");
    return gateways.getJsonObject(0).getLong("appliedRevision");
  }
}
