package dev.gatehouse.controlplane.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.Person;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class UsersTest {
  private final ApiClient api = RunningControlPlane.operator();

  @Test
  void knowsAnIdentityOnce() {
    JsonObject identity = Person.identity();
    Reply created = api.post("/v1/users", identity);
    assertThat(created.json().getString("displayName")).isEqualTo(identity.getString("email"));
    assertThat(
            api.get("/v1/users?email=" + identity.getString("email")).json().getJsonArray("items"))
        .hasSize(1);

    assertThat(api.post("/v1/users", identity).problem()).isEqualTo("identity-taken");
    assertThat(
            api.post("/v1/users", identity.copy().put("issuer", "https://other.example")).status())
        .isEqualTo(201);
  }

  @Test
  void givesAndTakesOnlyRolesThatTheCallerHas() {
    Person operator = Person.withPlatformRole("operator");
    Person admin = Person.withPlatformRole("admin");
    Person plain = Person.create();

    List<Reply> refusals =
        List.of(
            operator.api().post("/v1/users", Person.identity().put("platformRole", "admin")),
            operator.api().patch("/v1/users/" + operator.id(), role("admin")),
            operator.api().patch("/v1/users/" + plain.id(), role("auditor")),
            operator.api().patch("/v1/users/" + admin.id(), role(null)),
            operator.api().delete("/v1/users/" + admin.id()));

    assertThat(refusals).extracting(Reply::problem).containsOnly("forbidden");
    assertThat(operator.api().patch("/v1/users/" + plain.id(), role("operator")).status())
        .isEqualTo(200);
    assertThat(plain.api().get("/v1/tenants").status()).isEqualTo(200);
  }

  @Test
  void refusesFieldsThatAreNotTheCallersToSet() {
    for (String field : List.of("id", "version", "permissions", "memberships", "isAdmin")) {
      assertThat(api.post("/v1/users", Person.identity().put(field, "x")).pointers())
          .containsExactly("/" + field);
    }
    Person person = Person.create();
    for (String field : List.of("issuer", "subject", "id")) {
      assertThat(api.patch("/v1/users/" + person.id(), new JsonObject().put(field, "x")).status())
          .isEqualTo(400);
    }
  }

  @Test
  void losesItsTokensAndMembershipsWhenItIsDeleted() {
    String tenant = api.post("/v1/tenants", Fresh.tenant()).header("Location");
    Person person = Person.memberOf(tenant, "member");

    assertThat(api.delete("/v1/users/" + person.id()).status()).isEqualTo(204);

    assertThat(person.api().get("/v1/me").status()).isEqualTo(401);
    assertThat(api.get(tenant + "/members").json().getJsonArray("items")).isEmpty();
    assertThat(api.get("/v1/users/" + person.id()).problem()).isEqualTo("user-not-found");
  }

  @Test
  void tellsTheTenantsThatAUserCanSwitchTo() {
    String one = api.post("/v1/tenants", Fresh.tenant()).header("Location");
    String two = api.post("/v1/tenants", Fresh.tenant()).header("Location");
    Person person = Person.memberOf(one, "member");
    person.join(two, "admin");

    JsonArray memberships = person.api().get("/v1/me").json().getJsonArray("memberships");

    assertThat(memberships.stream().map(m -> ((JsonObject) m).getString("role")))
        .containsExactlyInAnyOrder("member", "admin");
    assertThat(person.api().get(one + "/api-keys").status()).isEqualTo(403);
    assertThat(person.api().get(two + "/api-keys").status()).isEqualTo(200);
    assertThat(api.get("/v1/users/" + person.id() + "/memberships").json().getJsonArray("items"))
        .isEqualTo(memberships);
  }

  @Test
  void makesTokensOfItsOwnThatLiveNoLongerThanTheOneItCallsWith() {
    Person person = Person.create();
    Instant end = Instant.now().plus(Duration.ofDays(1));
    ApiClient shortLived = person.withToken(new JsonObject().put("expiresAt", end.toString()));
    JsonObject wanted = new JsonObject().put("name", "laptop");

    Reply made = shortLived.post("/v1/me/tokens", wanted);
    Reply longer =
        shortLived.post(
            "/v1/me/tokens", wanted.copy().put("expiresAt", end.plusSeconds(60).toString()));

    assertThat(made.status()).as(made.toString()).isEqualTo(201);
    assertThat(Instant.parse(made.json().getString("expiresAt"))).isBeforeOrEqualTo(end);
    assertThat(longer.problem()).isEqualTo("forbidden");
    ApiClient laptop = RunningControlPlane.withToken(made.json().getString("secret"));
    assertThat(laptop.get("/v1/me").status()).isEqualTo(200);
    assertThat(shortLived.delete(made.header("Location")).status()).isEqualTo(204);
    assertThat(laptop.get("/v1/me").status()).isEqualTo(401);
  }

  @Test
  void makesNoTokensWithATokenThatHasScopes() {
    ApiClient narrow =
        Person.create().withToken(new JsonObject().put("scopes", JsonArray.of("tenants:read")));
    assertThat(narrow.post("/v1/me/tokens", new JsonObject().put("name", "x")).problem())
        .isEqualTo("forbidden");
    assertThat(narrow.get("/v1/me/tokens").problem()).isEqualTo("forbidden");
  }

  @Test
  void doesNotRevokeTheTokenOfAnotherUser() {
    Person one = Person.create();
    Person other = Person.create();
    String id =
        one.api().post("/v1/me/tokens", new JsonObject().put("name", "x")).json().getString("id");

    assertThat(other.api().delete("/v1/me/tokens/" + id).problem()).isEqualTo("token-not-found");
    assertThat(api.delete("/v1/users/" + other.id() + "/tokens/" + id).status()).isEqualTo(404);
    assertThat(one.api().get("/v1/me/tokens").json().getJsonArray("items")).hasSize(2);
  }

  @Test
  void makesATokenForAUserOnlyWhereTheMakerMayDoAsMuch() {
    Person admin = Person.withPlatformRole("admin");
    JsonObject scoped =
        new JsonObject()
            .put("kind", "operator")
            .put("name", "x")
            .put("role", "admin")
            .put("scopes", JsonArray.of("tokens:write", "domains:read"));
    ApiClient narrow =
        RunningControlPlane.withToken(api.post("/v1/tokens", scoped).json().getString("secret"));
    String tokens = "/v1/users/" + admin.id() + "/tokens";
    JsonObject wanted = new JsonObject().put("name", "x");

    assertThat(narrow.post(tokens, wanted).problem()).isEqualTo("forbidden");
    assertThat(
            narrow.post(tokens, wanted.copy().put("scopes", JsonArray.of("users:write"))).problem())
        .isEqualTo("forbidden");
    assertThat(
            narrow.post(tokens, wanted.copy().put("scopes", JsonArray.of("domains:read"))).status())
        .isEqualTo(201);
  }

  @Test
  void hasABoundedNumberOfTokens() {
    Person person = Person.create();
    JsonObject wanted = new JsonObject().put("name", "x");
    Reply last = person.api().post("/v1/me/tokens", wanted);
    for (int i = 2; i < 50; i++) {
      last = person.api().post("/v1/me/tokens", wanted);
    }
    assertThat(last.status()).isEqualTo(201);
    assertThat(person.api().post("/v1/me/tokens", wanted).problem()).isEqualTo("too-many-tokens");
  }

  private static JsonObject role(@org.jspecify.annotations.Nullable String name) {
    return new JsonObject().put("platformRole", name);
  }
}
