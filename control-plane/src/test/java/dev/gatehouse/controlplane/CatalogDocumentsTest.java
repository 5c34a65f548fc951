package dev.gatehouse.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgeRoute;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.FeedCodec;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** That services and routes come back, and reach the edge, as they were given; or not at all. */
@Timeout(120)
class CatalogDocumentsTest {
  private static final int ROUNDS = 120;
  private static final List<String> SERVICES = List.of("blue", "green", "grey");

  private final ControlPlane controlPlane =
      ControlPlane.start(RunningControlPlane.config(MigratedDatabase.freshUrl()));
  private final ApiClient api =
      new ApiClient(controlPlane.port(), controlPlane.firstTokens().orElseThrow().operatorToken());
  private final long seed = System.nanoTime();
  private CatalogDocuments documents;
  private BrokenDocuments broken;
  private TestGateway gateway;

  @BeforeEach
  void prepare() throws InterruptedException {
    String tenant = api.post("/v1/tenants", Fresh.tenant()).json().getString("id");
    SERVICES.forEach(this::createService);
    Random random = new Random(seed);
    documents = new CatalogDocuments(random, SERVICES, tenant);
    broken = new BrokenDocuments(documents, random);
    String token = controlPlane.firstTokens().orElseThrow().gatewayToken();
    gateway = TestGateway.connect("gw", controlPlane.port(), token);
  }

  @AfterEach
  void stop() {
    gateway.close();
    controlPlane.close();
  }

  @Test
  void servicesAreReadAndToldAsTheyWereGiven() throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      JsonObject wanted = documents.service();
      assertThat(readBack("/v1/services", wanted)).as("seed %d", seed).isEqualTo(wanted);
      assertThat(gateway.next(EdgeService.class))
          .as("seed %d: %s", seed, wanted)
          .isEqualTo(FeedCodec.decodeObject(EdgeObject.Kind.SERVICE, wanted.encode()));
    }
  }

  @Test
  void routesAreReadAndToldAsTheyWereGiven() throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      JsonObject wanted = documents.route();
      JsonObject read = readBack("/v1/routes", wanted);
      UUID id = UUID.fromString((String) read.remove("id"));
      assertThat(read).as("seed %d", seed).isEqualTo(wanted);
      wanted.put("id", id.toString());
      assertThat(gateway.next(EdgeRoute.class))
          .as("seed %d: %s", seed, wanted)
          .isEqualTo(FeedCodec.decodeObject(EdgeObject.Kind.ROUTE, wanted.encode()));
    }
  }

  @Test
  void brokenDocumentsAreRefusedWithThePlaceAndLeaveNoTrace() throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      assertRefused("/v1/services", broken.service());
      assertRefused("/v1/routes", broken.route());
    }
    assertThat(api.get("/v1/routes").json().getJsonArray("items")).isEmpty();
    assertThat(api.get("/v1/services").json().getJsonArray("items")).hasSize(SERVICES.size());
    createService("next");
    assertThat(gateway.next(EdgeService.class).name()).isEqualTo("next");
  }

  @Test
  void brokenPatchesAreRefusedWithThePlaceAndLeaveNoTrace() throws Exception {
    String path = "/v1/services/" + SERVICES.getFirst();
    String before = api.get(path).text();
    for (int i = 0; i < ROUNDS; i++) {
      BrokenDocuments.Broken patch = broken.service();
      patch.document().remove("name");
      Reply refused = api.patch(path, patch.document());
      assertThat(refused.status()).as("seed %d: %s", seed, patch).isEqualTo(400);
      assertThat(refused.pointers()).as("seed %d: %s", seed, patch).contains(patch.pointer());
    }
    assertThat(api.get(path).text()).isEqualTo(before);
    createService("next");
    assertThat(gateway.next(EdgeService.class).name()).isEqualTo("next");
  }

  private JsonObject readBack(String path, JsonObject wanted) {
    Reply created = api.post(path, wanted);
    assertThat(created.status()).as("seed %d: %s %s", seed, wanted, created).isEqualTo(201);
    JsonObject read = api.get(created.header("Location")).json();
    read.remove("createdAt");
    read.remove("updatedAt");
    return read;
  }

  private void assertRefused(String path, BrokenDocuments.Broken wrong) {
    Reply refused = api.post(path, wrong.document());
    assertThat(refused.status())
        .as("seed %d: %s %s", seed, wrong.document(), refused)
        .isIn(400, 422);
    assertThat(refused.pointers())
        .as("seed %d: %s %s", seed, wrong.document(), refused)
        .contains(wrong.pointer());
  }

  private void createService(String name) {
    JsonObject endpoint = new JsonObject().put("host", "127.0.0.1").put("port", 8081);
    JsonObject service =
        new JsonObject().put("name", name).put("endpoints", JsonArray.of(endpoint));
    assertThat(api.post("/v1/services", service).status()).isEqualTo(201);
  }
}
