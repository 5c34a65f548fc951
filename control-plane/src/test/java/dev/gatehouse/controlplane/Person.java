package dev.gatehouse.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.UUID;

/** A user that no other test knows, with a token. */
public record Person(String id, String email, ApiClient api) {

  /** Somebody who is a member of nothing. */
  public static Person create() {
    return create(new JsonObject());
  }

  /** Somebody with a role on the platform. */
  public static Person withPlatformRole(String role) {
    return create(new JsonObject().put("platformRole", role));
  }

  /** Somebody who is a member of a tenant. */
  public static Person memberOf(String tenant, String role) {
    Person person = create();
    Reply added = person.join(tenant, role);
    assertThat(added.status()).as(added.toString()).isEqualTo(201);
    return person;
  }

  private static Person create(JsonObject more) {
    JsonObject identity = identity().mergeIn(more);
    Reply created = RunningControlPlane.operator().post("/v1/users", identity);
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    String id = created.json().getString("id");
    ApiClient api =
        RunningControlPlane.withToken(token(id, new JsonObject()).json().getString("secret"));
    return new Person(id, identity.getString("email"), api);
  }

  /** An identity that no other test knows. */
  public static JsonObject identity() {
    String name = "u-" + UUID.randomUUID();
    return new JsonObject()
        .put("issuer", "https://id.example.com")
        .put("subject", name)
        .put("email", name + "@example.com");
  }

  /** Makes the user a member without an invitation. */
  public Reply join(String tenant, String role) {
    JsonObject membership =
        new JsonObject().put("tenant", tenant.replace("/v1/tenants/", "")).put("role", role);
    return RunningControlPlane.operator().post("/v1/users/" + id + "/memberships", membership);
  }

  /** A client with another token of the user. */
  public ApiClient withToken(JsonObject bounds) {
    return RunningControlPlane.withToken(token(id, bounds).json().getString("secret"));
  }

  private static Reply token(String user, JsonObject bounds) {
    Reply made =
        RunningControlPlane.operator()
            .post("/v1/users/" + user + "/tokens", bounds.copy().put("name", "a test"));
    assertThat(made.status()).as(made.toString()).isEqualTo(201);
    return made;
  }
}
