package dev.gatehouse.controlplane.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Concurrently;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ConcurrentChangesTest {
  private final ApiClient api = RunningControlPlane.operator();

  @Test
  void letsOneOfTwoChangesOfTheSameVersionWin() {
    String path = api.post("/v1/tenants", Fresh.tenant()).header("Location");
    List<Reply> replies =
        Concurrently.call(
            2, i -> api.patch(path, new JsonObject().put("name", "n" + i), "If-Match", "\"1\""));
    assertThat(replies).extracting(Reply::status).containsExactlyInAnyOrder(200, 412);
    Reply winner =
        replies.stream().filter(reply -> reply.status() == 200).findFirst().orElseThrow();
    assertThat(api.get(path).json()).isEqualTo(winner.json());
  }

  @Test
  void givesASlugToOneOfTwenty() {
    JsonObject tenant = Fresh.tenant();
    List<Reply> replies = Concurrently.call(20, _ -> api.post("/v1/tenants", tenant));
    assertThat(replies.stream().filter(reply -> reply.status() == 201)).hasSize(1);
    assertThat(replies.stream().filter(reply -> reply.status() == 409)).hasSize(19);
  }

  @Test
  void givesAHostToOneOfTenTenants() {
    String host = Fresh.host();
    List<String> paths =
        Concurrently.call(10, _ -> api.post("/v1/tenants", Fresh.tenant()).header("Location"));
    List<Reply> replies =
        Concurrently.call(10, i -> api.post(paths.get(i) + "/domains", Fresh.trustedDomain(host)));
    assertThat(replies.stream().filter(reply -> reply.status() == 201)).hasSize(1);
    assertThat(replies.stream().filter(reply -> reply.status() == 409)).hasSize(9);
  }

  @Test
  void losesNoChangeWithoutEntityTags() {
    String path = api.post("/v1/tenants", Fresh.tenant()).header("Location");
    List<Reply> replies =
        Concurrently.call(
            10,
            i ->
                api.patch(
                    path,
                    new JsonObject()
                        .put(
                            "limits",
                            new JsonObject().put("custom", new JsonObject().put("k" + i, i)))));
    assertThat(replies).extracting(Reply::status).containsOnly(200);
    assertThat(api.get(path).json().getJsonObject("limits").getJsonObject("custom")).hasSize(10);
    assertThat(api.get(path).header("ETag")).isEqualTo("\"11\"");
  }
}
