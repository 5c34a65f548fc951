package dev.gatehouse.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What concerns all tokens that there are, on a database of its own. */
@Timeout(120)
class LastAdminTest {
  private final ControlPlaneConfig config = RunningControlPlane.config(MigratedDatabase.freshUrl());

  @Test
  void keepsOneTokenThatMayDoEverythingForEver() {
    try (ControlPlane controlPlane = ControlPlane.start(config)) {
      String first = controlPlane.firstTokens().orElseThrow().operatorToken();
      ApiClient api = new ApiClient(controlPlane.port(), first);
      List<String> admins = new ArrayList<>(List.of(first));
      for (int i = 0; i < 5; i++) {
        admins.add(issue(api, new JsonObject().put("role", "admin")));
      }
      issue(api, new JsonObject().put("role", "operator"));
      issue(api, new JsonObject().put("role", "admin").put("expiresAt", "2099-01-01T00:00:00Z"));
      issue(api, new JsonObject().put("role", "admin").put("scopes", JsonArray.of("tokens:write")));

      List<Reply> replies =
          Concurrently.call(
              admins.size(),
              i ->
                  new ApiClient(controlPlane.port(), admins.get(i))
                      .delete("/v1/tokens/" + admins.get(i).substring(4, 20)));

      assertThat(replies).filteredOn(reply -> reply.status() == 204).hasSize(admins.size() - 1);
      assertThat(replies)
          .filteredOn(reply -> reply.status() != 204)
          .extracting(Reply::problem)
          .containsExactly("last-operator-token");
    }
  }

  @Test
  void keepsWhenATokenWasUsedLast() {
    String operator;
    try (ControlPlane first = ControlPlane.start(config)) {
      operator = first.firstTokens().orElseThrow().operatorToken();
      JsonObject listed = new ApiClient(first.port(), operator).get("/v1/me").json();
      assertThat(listed.getJsonObject("token").getString("id"))
          .isEqualTo(operator.substring(4, 20));
    }
    try (ControlPlane second = ControlPlane.start(config)) {
      JsonObject token =
          new ApiClient(second.port(), operator)
              .get("/v1/tokens/" + operator.substring(4, 20))
              .json();
      assertThat(token.getString("lastUsedAt")).isNotNull();
    }
  }

  private static String issue(ApiClient api, JsonObject more) {
    JsonObject token =
        new JsonObject().put("kind", "operator").put("name", "another").mergeIn(more);
    Reply made = api.post("/v1/tokens", token);
    assertThat(made.status()).as(made.toString()).isEqualTo(201);
    return made.json().getString("secret");
  }
}
