package dev.gatehouse.controlplane.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Identity providers with which users log in. What becomes of secrets: SecretsAtRestTest. */
@Timeout(60)
class LoginTest {
  private static final String SECRET = "s3cret-of-the-client";

  private final ApiClient api = RunningControlPlane.operator();
  private final String tenant = api.post("/v1/tenants", Fresh.tenant()).header("Location");
  private final String providers = tenant + "/identity-providers";

  @Test
  void showsHowUsersLogInButNotTheSecret() {
    Instant before = Instant.now();
    JsonObject login =
        login()
            .put("label", "Acme's Keycloak")
            .put("scopes", JsonArray.of("email"))
            .put("sessionLife", "PT8H")
            .put("idleTimeout", "PT30M");
    login.getJsonObject("client").put("authentication", "client_secret_post");

    Reply created = create(login);

    JsonObject shown = created.json().getJsonObject("login");
    JsonObject client = shown.getJsonObject("client");
    assertThat(Instant.parse((String) client.remove("secretSetAt")))
        .isBetween(before.minusMillis(1), Instant.now());
    login.getJsonObject("client").remove("secret");
    assertThat(shown).isEqualTo(login);
    assertThat(created.text()).doesNotContain(SECRET);
    String path = created.header("Location");
    assertThat(api.get(path).json()).isEqualTo(created.json().copy());
    assertThat(api.get(providers).text()).contains("secretSetAt").doesNotContain(SECRET);
  }

  @Test
  void needsNoAudienceOfBearerTokensWhereThereIsLogin() {
    JsonObject none = provider(login());
    none.remove("audiences");
    Reply absent = api.post(providers, none);
    assertThat(absent.status()).as(absent.toString()).isEqualTo(201);
    assertThat(absent.json().containsKey("audiences")).isFalse();
    JsonObject empty = provider(login()).put("audiences", new JsonArray());
    assertThat(api.post(providers, empty).json().getJsonArray("audiences")).isEmpty();

    JsonObject withoutLogin = new JsonObject().putNull("login");
    Reply refused = api.patch(absent.header("Location"), withoutLogin);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.pointers()).containsExactly("/audiences");
  }

  @Test
  void keepsTheSecretUntilAPatchNamesIt() {
    Reply created = create(login());
    String path = created.header("Location");
    String setAt = secretSetAt(created);

    Reply renamed = api.patch(path, JsonObject.of("name", "Renamed"));
    assertThat(secretSetAt(renamed)).isEqualTo(setAt);
    Reply moved = api.patch(path, client(JsonObject.of("id", "other")));
    assertThat(secretSetAt(moved)).isEqualTo(setAt);
    Reply replaced = api.patch(path, client(JsonObject.of("secret", "another")));
    assertThat(Instant.parse(secretSetAt(replaced))).isAfter(Instant.parse(setAt));
    Reply removed = api.patch(path, client(new JsonObject().putNull("secret")));
    assertThat(removed.json().getJsonObject("login"))
        .isEqualTo(JsonObject.of("client", JsonObject.of("id", "other")));
    Reply again = api.patch(path, client(JsonObject.of("secret", "another")));
    assertThat(secretSetAt(again)).isNotNull();
    assertThat(again.header("ETag")).isEqualTo("\"6\"");
  }

  @Test
  void forgetsTheSecretWithTheLogin() {
    String path = create(login()).header("Location");
    assertThat(api.patch(path, new JsonObject().putNull("login")).status()).isEqualTo(200);
    Reply unauthenticated = api.patch(path, client(JsonObject.of("id", "gatehouse")));
    assertThat(unauthenticated.json().getJsonObject("login").getJsonObject("client").fieldNames())
        .containsExactly("id");
  }

  @Test
  void doesNotSendTheSecretToAnotherIssuer() {
    String path = create(login()).header("Location");
    String issuer = "https://id.example.org/" + Fresh.slug();

    Reply refused = api.patch(path, JsonObject.of("issuer", issuer));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.pointers()).containsExactly("/login/client/secret");
    assertThat(api.get(path).header("ETag")).isEqualTo("\"1\"");

    JsonObject withSecret = client(JsonObject.of("secret", "of the other")).put("issuer", issuer);
    assertThat(api.patch(path, withSecret).status()).isEqualTo(200);
    JsonObject without = client(new JsonObject().putNull("secret")).put("issuer", issuer + "/2");
    assertThat(api.patch(path, without).status()).isEqualTo(200);
    assertThat(api.patch(path, JsonObject.of("issuer", issuer + "/3")).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "acme-batch, 400, invalid-body",
    "https://id.example.com/a?b=c, 400, invalid-body",
    "https://user@id.example.com/, 400, invalid-body",
    "https://id.example.com/#a, 400, invalid-body",
    "http://id.example.com/, 422, address-not-allowed",
    "https://127.0.0.1/, 422, address-not-allowed",
    "https://169.254.169.254/, 422, address-not-allowed"
  })
  void looksForLoginBelowAnIssuerOnThePublicInternet(String issuer, int status, String problem) {
    Reply refused = api.post(providers, provider(login()).put("issuer", issuer));
    assertThat(refused.status()).as(refused.toString()).isEqualTo(status);
    assertThat(refused.problem()).isEqualTo(problem);
    assertThat(refused.pointers()).containsExactly("/issuer");
    String path =
        api.post(providers, Fresh.identityProvider().put("issuer", issuer)).header("Location");
    assertThat(api.patch(path, JsonObject.of("login", login())).pointers())
        .containsExactly("/issuer");
  }

  @Test
  void saysWhatIsOutOfBounds() {
    Map<String, JsonObject> faults =
        Map.of(
            "/login/client", new JsonObject(),
            "/login/client/id", login().put("client", JsonObject.of("id", "")),
            "/login/client/authentication",
                login().put("client", JsonObject.of("id", "a", "authentication", "none")),
            "/login/client/other", login().put("client", JsonObject.of("id", "a", "other", "b")),
            "/login/label", login().put("label", " "),
            "/login/scopes/0", login().put("scopes", JsonArray.of("a b")),
            "/login/sessionLife", login().put("sessionLife", "PT59S"),
            "/login/idleTimeout", login().put("idleTimeout", "P31D"),
            "/login/secret", login().put("secret", "x"));
    faults.forEach((pointer, login) -> {
      Reply refused = api.post(providers, provider(login));
      assertThat(refused.status()).as(refused.toString()).isEqualTo(400);
      assertThat(refused.pointers()).as(refused.toString()).containsOnly(pointer);
    });
  }

  @Test
  void doesNotRepeatASecretThatItRefuses() {
    for (Object secret : List.of("not allowed: ü", 1234567, "", "x".repeat(1001))) {
      JsonObject login = login().put("client", JsonObject.of("id", "a", "secret", secret));
      Reply refused = api.post(providers, provider(login));
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.pointers()).containsOnly("/login/client/secret");
      assertThat(refused.text()).doesNotContain("found", "1234567", "xxxx");
    }
  }

  @Test
  void recordsWhenASecretWasSet() {
    Reply created = create(login());
    Reply changed =
        api.patch(created.header("Location"), client(JsonObject.of("secret", "another")));

    JsonObject entry =
        api.get(tenant + "/audit")
            .json()
            .getJsonArray("items")
            .getJsonObject(0)
            .getJsonObject("entry");

    assertThat(secretSetAt(entry.getJsonObject("before"))).isEqualTo(secretSetAt(created));
    assertThat(secretSetAt(entry.getJsonObject("after"))).isEqualTo(secretSetAt(changed));
  }

  @Test
  void letsATenantAndARouteAskForEveryWayOfProof() {
    JsonArray proofs =
        JsonArray.of(
            "api-key", "jwt", "introspection", "session", "client-certificate", "forward-auth");
    JsonObject auth = JsonObject.of("methods", proofs.copy().add("anonymous"));
    Reply patched = api.patch(tenant, JsonObject.of("config", JsonObject.of("auth", auth)));
    assertThat(patched.status()).as(patched.toString()).isEqualTo(200);
    assertThat(patched.json().getJsonObject("config").getJsonObject("auth")).isEqualTo(auth);

    String service = "s-" + UUID.randomUUID().toString().substring(0, 18);
    JsonObject endpoint = JsonObject.of("host", "127.0.0.1", "port", 8081);
    api.post("/v1/services", JsonObject.of("name", service, "endpoints", JsonArray.of(endpoint)));
    JsonObject access = JsonObject.of("methods", proofs);
    access.put("requiredMethods", JsonArray.of("client-certificate", "session"));
    JsonObject route = JsonObject.of("pathPrefix", "/" + service, "service", service);
    Reply routed = api.post("/v1/routes", route.put("access", access));
    assertThat(routed.status()).as(routed.toString()).isEqualTo(201);
    assertThat(routed.json().getJsonObject("access")).isEqualTo(access);
    access.put("requiredMethods", JsonArray.of("jwt", "session"));
    Reply refused = api.patch(routed.header("Location"), JsonObject.of("access", access));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.pointers()).containsExactly("/access");
  }

  private Reply create(JsonObject login) {
    Reply created = api.post(providers, provider(login));
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    return created;
  }

  private static JsonObject provider(JsonObject login) {
    return Fresh.identityProvider().put("login", login);
  }

  private static JsonObject login() {
    return JsonObject.of("client", JsonObject.of("id", "gatehouse", "secret", SECRET));
  }

  private static JsonObject client(JsonObject client) {
    return JsonObject.of("login", JsonObject.of("client", client));
  }

  private static String secretSetAt(Reply reply) {
    assertThat(reply.status()).as(reply.toString()).isBetween(200, 201);
    return secretSetAt(reply.json());
  }

  private static String secretSetAt(JsonObject provider) {
    return provider.getJsonObject("login").getJsonObject("client").getString("secretSetAt");
  }
}
