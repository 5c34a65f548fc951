package dev.gatehouse.controlplane.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.Person;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Introspection and forward auth, of which a tenant has one each. */
@Timeout(60)
class IdentitySettingsTest {
  private static final String INTROSPECTION = "introspection";
  private static final String FORWARD_AUTH = "forward-auth";

  private final ApiClient api = RunningControlPlane.operator();
  private final String tenant = api.post("/v1/tenants", Fresh.tenant()).header("Location");

  @ParameterizedTest
  @ValueSource(strings = {INTROSPECTION, FORWARD_AUTH})
  void isMadeReplacedChangedAndDeleted(String name) {
    String path = tenant + "/" + name;
    String none = name + "-not-found";
    assertThat(api.get(path).problem()).isEqualTo(none);
    assertThat(api.patch(path, new JsonObject()).problem()).isEqualTo(none);
    assertThat(api.delete(path).problem()).isEqualTo(none);
    assertThat(api.put(path, Fresh.setting(name), "If-Match", "\"1\"").status()).isEqualTo(412);

    Reply created = api.put(path, Fresh.setting(name));
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    assertThat(created.header("Location")).isEqualTo(path);
    assertThat(created.header("ETag")).isEqualTo("\"1\"");
    assertThat(created.text()).doesNotContain("s3cret");
    assertThat(api.get(path).json()).isEqualTo(created.json());
    assertThat(api.get(path, "If-None-Match", "\"1\"").status()).isEqualTo(304);

    JsonObject other = Fresh.setting(name).put("url", "https://id.example.com/other");
    assertThat(api.put(path, other, "If-Match", "\"7\"").status()).isEqualTo(412);
    Reply replaced = api.put(path, other, "If-Match", "\"1\"");
    assertThat(replaced.status()).as(replaced.toString()).isEqualTo(200);
    assertThat(replaced.header("ETag")).isEqualTo("\"2\"");
    assertThat(replaced.json().getString("createdAt"))
        .isEqualTo(created.json().getString("createdAt"));

    assertThat(api.patch(path, new JsonObject(), "If-Match", "\"1\"").status()).isEqualTo(412);
    assertThat(api.patch(path, new JsonObject().putNull("url")).pointers()).containsExactly("/url");
    assertThat(api.delete(path, "If-Match", "\"1\"").status()).isEqualTo(412);
    assertThat(api.delete(path, "If-Match", "\"2\"").status()).isEqualTo(204);
    assertThat(api.get(path).problem()).isEqualTo(none);
  }

  @Test
  void showsAllOfIntrospectionButTheSecret() {
    JsonObject wanted =
        Fresh.setting(INTROSPECTION)
            .put("audiences", JsonArray.of("a"))
            .put("issuer", "https://id.example.com/")
            .put("requiredClaims", JsonObject.of("token_type", "Bearer"))
            .put("claims", JsonObject.of("subject", "username", "roles", "/a/b"))
            .put("cacheFor", "PT0S")
            .put("forwardToken", true);
    JsonObject shown = put(INTROSPECTION, wanted).json();
    JsonObject client = shown.getJsonObject("client");
    assertThat(client.fieldNames()).containsExactlyInAnyOrder("id", "secretSetAt");
    wanted.remove("client");
    wanted.forEach(field ->
        assertThat(shown.getValue(field.getKey())).as(field.getKey()).isEqualTo(field.getValue()));
  }

  @Test
  void showsAllOfForwardAuth() {
    JsonObject wanted =
        Fresh.setting(FORWARD_AUTH)
            .put("requestHeaders", JsonArray.of("Authorization", "X-Api-Key"))
            .put("subjectHeader", "X-User")
            .put("rolesHeader", "X-Roles")
            .put("scopesHeader", "X-Scopes")
            .put("timeout", "PT0.5S");
    JsonObject shown = put(FORWARD_AUTH, wanted).json();
    wanted.forEach(field ->
        assertThat(shown.getValue(field.getKey())).as(field.getKey()).isEqualTo(field.getValue()));
  }

  @Test
  void keepsTheSecretUntilAPatchNamesItOrAllIsReplaced() {
    String path = tenant + "/" + INTROSPECTION;
    String setAt = secretSetAt(put(INTROSPECTION, Fresh.setting(INTROSPECTION)));
    assertThat(secretSetAt(api.patch(path, JsonObject.of("cacheFor", "PT1M")))).isEqualTo(setAt);

    JsonObject elsewhere = JsonObject.of("url", "https://id.example.com/elsewhere");
    Reply refused = api.patch(path, elsewhere);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.pointers()).containsExactly("/client/secret");
    JsonObject secret = JsonObject.of("client", JsonObject.of("secret", "another"));
    assertThat(secretSetAt(api.patch(path, secret.copy().mergeIn(elsewhere)))).isNotEqualTo(setAt);

    JsonObject none = JsonObject.of("client", new JsonObject().putNull("secret"));
    assertThat(secretSetAt(api.patch(path, none))).isEmpty();
    assertThat(secretSetAt(api.patch(path, secret))).isNotEmpty();
    JsonObject whole = Fresh.setting(INTROSPECTION).put("client", JsonObject.of("id", "gatehouse"));
    assertThat(secretSetAt(api.put(path, whole))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "introspection, https://127.0.0.1/, 422, address-not-allowed",
    "introspection, http://id.example.com/, 422, address-not-allowed",
    "introspection, https://0x7f.1/, 400, invalid-body",
    "introspection, https://u@id.example.com/, 400, invalid-body",
    "forward-auth, https://169.254.169.254/, 422, address-not-allowed",
    "forward-auth, http://10.0.0.1/, 422, address-not-allowed",
    "forward-auth, ftp://id.example.com/, 400, invalid-body",
    "forward-auth, https://id.example.com/#a, 400, invalid-body"
  })
  void asksNobodyInTheNetworkOfThePlatform(String name, String url, int status, String problem) {
    Reply refused = api.put(tenant + "/" + name, Fresh.setting(name).put("url", url));
    assertThat(refused.status()).as(refused.toString()).isEqualTo(status);
    assertThat(refused.problem()).isEqualTo(problem);
    assertThat(refused.pointers()).containsExactly("/url");
    assertThat(api.get(tenant + "/" + name).status()).isEqualTo(404);
    put(name, Fresh.setting(name));
    JsonObject patch = JsonObject.of("url", url);
    if (name.equals(INTROSPECTION)) {
      patch.put("client", JsonObject.of("secret", "again"));
    }
    assertThat(api.patch(tenant + "/" + name, patch).pointers()).containsExactly("/url");
  }

  @Test
  void saysWhatIsOutOfBounds() {
    Map<String, JsonObject> introspection =
        Map.of(
            "/client", JsonObject.of("url", "https://a.example/"),
            "/client/id", introspectionWith("client", new JsonObject()),
            "/audiences", introspectionWith("audiences", new JsonArray()),
            "/issuer", introspectionWith("issuer", ""),
            "/claims/subject", introspectionWith("claims", JsonObject.of("subject", "/a//b")),
            "/cacheFor", introspectionWith("cacheFor", "PT10M1S"),
            "/other", introspectionWith("other", 1));
    introspection.forEach((pointer, body) -> refuses(INTROSPECTION, body, pointer));
    Map<String, JsonObject> forwardAuth =
        Map.of(
            "/url", new JsonObject(),
            "/requestHeaders/0", forwardAuthWith("requestHeaders", JsonArray.of("a b")),
            "/subjectHeader", forwardAuthWith("subjectHeader", "X_User"),
            "/timeout", forwardAuthWith("timeout", "PT0.049S"),
            "/client", forwardAuthWith("client", JsonObject.of("id", "a")));
    forwardAuth.forEach((pointer, body) -> refuses(FORWARD_AUTH, body, pointer));
    for (String header : List.of("X-Tenant-Id", "x-forwarded-for", "Host", "Connection")) {
      JsonArray headers = JsonArray.of("Authorization", header);
      refuses(FORWARD_AUTH, forwardAuthWith("requestHeaders", headers), "/requestHeaders");
    }
  }

  @ParameterizedTest
  @CsvSource({"auditor, 200, 403", "member, 403, 403", "admin, 200, 200"})
  void asksForItsPermissions(String role, int read, int write) {
    ApiClient member = Person.memberOf(tenant, role).api();
    for (String name : List.of(INTROSPECTION, FORWARD_AUTH)) {
      String path = tenant + "/" + name;
      put(name, Fresh.setting(name));
      assertThat(member.get(path).status()).isEqualTo(read);
      assertThat(member.put(path, Fresh.setting(name)).status()).isEqualTo(write);
      assertThat(member.patch(path, new JsonObject()).status()).isEqualTo(write);
      assertThat(member.delete(path).status()).isEqualTo(write == 200 ? 204 : write);
    }
  }

  @Test
  void isOfOneTenantAndStaysAsItIsWhileThatIsArchived() {
    put(INTROSPECTION, Fresh.setting(INTROSPECTION));
    String other = api.post("/v1/tenants", Fresh.tenant()).header("Location");
    assertThat(api.get(other + "/" + INTROSPECTION).status()).isEqualTo(404);
    assertThat(api.post(tenant + "/archive").status()).isEqualTo(200);
    String path = tenant + "/" + INTROSPECTION;
    assertThat(api.put(path, Fresh.setting(INTROSPECTION)).problem()).isEqualTo("tenant-read-only");
    assertThat(api.delete(path).problem()).isEqualTo("tenant-read-only");
    assertThat(api.get(path).status()).isEqualTo(200);
  }

  @Test
  void recordsWhatWasThereBeforeAReplacement() {
    put(FORWARD_AUTH, Fresh.setting(FORWARD_AUTH));
    put(FORWARD_AUTH, Fresh.setting(FORWARD_AUTH).put("subjectHeader", "X-User"));
    JsonObject entry =
        api.get(tenant + "/audit")
            .json()
            .getJsonArray("items")
            .getJsonObject(0)
            .getJsonObject("entry");
    assertThat(entry.getString("action")).isEqualTo("putForwardAuth");
    assertThat(entry.getString("resource")).isEqualTo(tenant + "/forward-auth");
    assertThat(entry.getJsonObject("before").containsKey("subjectHeader")).isFalse();
    assertThat(entry.getJsonObject("after").getString("subjectHeader")).isEqualTo("X-User");
  }

  private void refuses(String name, JsonObject body, String pointer) {
    Reply refused = api.put(tenant + "/" + name, body);
    assertThat(refused.status()).as(refused.toString()).isEqualTo(400);
    assertThat(refused.pointers()).as(refused.toString()).containsOnly(pointer);
  }

  private Reply put(String name, JsonObject setting) {
    Reply put = api.put(tenant + "/" + name, setting);
    assertThat(put.status()).as(put.toString()).isBetween(200, 201);
    return put;
  }

  private static JsonObject introspectionWith(String field, Object value) {
    return Fresh.setting(INTROSPECTION).put(field, value);
  }

  private static JsonObject forwardAuthWith(String field, Object value) {
    return Fresh.setting(FORWARD_AUTH).put(field, value);
  }

  private static String secretSetAt(Reply reply) {
    assertThat(reply.status()).as(reply.toString()).isBetween(200, 201);
    return reply.json().getJsonObject("client").getString("secretSetAt", "");
  }
}
