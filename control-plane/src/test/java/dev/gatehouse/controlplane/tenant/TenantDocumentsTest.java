package dev.gatehouse.controlplane.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import io.vertx.core.json.JsonObject;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class TenantDocumentsTest {
  private static final int ROUNDS = 150;

  private final ApiClient api = RunningControlPlane.operator();
  private final long seed = System.nanoTime();
  private final TenantDocuments documents = new TenantDocuments(new Random(seed));

  @Test
  void readsBackEveryValidDocumentAsItWasGiven() {
    for (int i = 0; i < ROUNDS; i++) {
      JsonObject wanted = documents.valid();
      Reply created = api.post("/v1/tenants", wanted);
      assertThat(created.status()).as("seed %d: %s %s", seed, wanted, created).isEqualTo(201);
      assertThat(changeable(api.get(created.header("Location")).json()))
          .as("seed %d", seed)
          .isEqualTo(new JsonObject(wanted.encode()));
    }
  }

  @Test
  void namesThePlaceOfEveryFaultAndStoresNothing() {
    for (int i = 0; i < ROUNDS; i++) {
      TenantDocuments.Broken broken = documents.broken();
      Reply refused = api.post("/v1/tenants", broken.document());
      assertThat(refused.status())
          .as("seed %d: %s %s", seed, broken.document(), refused)
          .isEqualTo(400);
      assertThat(refused.pointers())
          .as("seed %d: %s %s", seed, broken.document(), refused)
          .containsOnly(broken.pointer());
    }
  }

  @Test
  void namesThePlaceOfEveryFaultInAPatch() {
    Reply created = api.post("/v1/tenants", Fresh.tenant());
    for (int i = 0; i < ROUNDS; i++) {
      TenantDocuments.Broken broken = documents.broken();
      Reply refused = api.patch(created.header("Location"), broken.document());
      assertThat(refused.pointers())
          .as("seed %d: %s %s", seed, broken.document(), refused)
          .containsOnly(broken.pointer());
    }
    assertThat(api.get(created.header("Location")).json()).isEqualTo(created.json());
  }

  private static JsonObject changeable(JsonObject tenant) {
    JsonObject copy = tenant.copy();
    for (String own : new String[] {"id", "status", "createdAt", "updatedAt"}) {
      copy.remove(own);
    }
    return copy;
  }
}
