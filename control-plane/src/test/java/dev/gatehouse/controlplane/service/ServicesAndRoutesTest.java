package dev.gatehouse.controlplane.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ServicesAndRoutesTest {
  private final ApiClient api = RunningControlPlane.operator();
  private final String name = "s-" + UUID.randomUUID().toString().substring(0, 18);
  private final String prefix = "/" + UUID.randomUUID();

  @Test
  void createsReadsChangesAndDeletesAService() {
    Reply created = api.post("/v1/services", service().put("connectTimeout", "PT2S"));
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    String path = created.header("Location");
    assertThat(api.get(path).json()).isEqualTo(created.json());
    JsonObject patch = new JsonObject().putNull("connectTimeout").put("responseTimeout", "PT30S");
    Reply patched = api.patch(path, patch, "If-Match", "\"1\"");
    assertThat(patched.json().containsKey("connectTimeout")).isFalse();
    assertThat(patched.json().getString("responseTimeout")).isEqualTo("PT30S");
    assertThat(api.patch(path, patch, "If-Match", "\"1\"").status()).isEqualTo(412);
    assertThat(api.delete(path).status()).isEqualTo(204);
    assertThat(api.get(path).problem()).isEqualTo("service-not-found");
  }

  @Test
  void refusesASecondServiceOfTheName() {
    api.post("/v1/services", service());
    Reply second = api.post("/v1/services", service());
    assertThat(second.status()).isEqualTo(409);
    assertThat(second.problem()).isEqualTo("service-name-taken");
  }

  @Test
  void refusesFaultyEndpoints() {
    for (JsonObject endpoint :
        List.of(
            new JsonObject().put("host", "a b").put("port", 80),
            new JsonObject().put("host", "").put("port", 80))) {
      Reply reply = api.post("/v1/services", service().put("endpoints", JsonArray.of(endpoint)));
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.pointers()).containsOnly("/endpoints/0/host");
    }
    JsonObject port = new JsonObject().put("host", "::1").put("port", 65536);
    assertThat(api.post("/v1/services", service().put("endpoints", JsonArray.of(port))).pointers())
        .containsExactly("/endpoints/0/port");
    assertThat(api.post("/v1/services", service().put("connectTimeout", "2s")).pointers())
        .containsExactly("/connectTimeout");
  }

  @Test
  void keepsAServiceWhileARouteLeadsToIt() {
    String service = api.post("/v1/services", service()).header("Location");
    String route = api.post("/v1/routes", route()).header("Location");
    Reply refused = api.delete(service);
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.problem()).isEqualTo("service-in-use");
    assertThat(api.delete(route).status()).isEqualTo(204);
    assertThat(api.delete(service).status()).isEqualTo(204);
  }

  @Test
  void refusesARouteToAnUnknownService() {
    Reply reply = api.post("/v1/routes", route());
    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.problem()).isEqualTo("unknown-service");
    assertThat(reply.pointers()).containsExactly("/service");
  }

  @Test
  void createsReadsAndChangesARoute() {
    api.post("/v1/services", service());
    Reply created = api.post("/v1/routes", route().put("pathPrefix", prefix + "/"));
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    assertThat(created.json().getString("pathPrefix")).isEqualTo(prefix);
    String path = created.header("Location");
    assertThat(api.get(path).json()).isEqualTo(created.json());
    JsonObject patch = new JsonObject().put("hosts", "custom").put("methods", JsonArray.of("GET"));
    Reply patched = api.patch(path, patch);
    assertThat(patched.json().getString("hosts")).isEqualTo("custom");
    assertThat(patched.header("ETag")).isEqualTo("\"2\"");
  }

  @Test
  void refusesARouteThatMatchesTheSameAsAnother() {
    api.post("/v1/services", service());
    api.post("/v1/routes", route().put("methods", JsonArray.of("PUT", "GET")));
    Reply same = api.post("/v1/routes", route().put("methods", JsonArray.of("GET", "PUT")));
    assertThat(same.status()).isEqualTo(409);
    assertThat(same.problem()).isEqualTo("route-taken");
    assertThat(api.post("/v1/routes", route()).status()).isEqualTo(201);
  }

  @Test
  void refusesARouteThatMatchesTheSameInOtherWords() {
    api.post("/v1/services", service());
    JsonObject first = new JsonObject().put("name", "X-A").put("value", "1");
    JsonObject second = new JsonObject().put("name", "X-B").put("absent", false);
    JsonObject template =
        new JsonObject().put("pathTemplate", prefix + "/{id}").put("service", name);
    Reply one = api.post("/v1/routes", template.copy().put("headers", JsonArray.of(first, second)));
    assertThat(one.status()).as(one.toString()).isEqualTo(201);
    JsonArray sameHeaders =
        JsonArray.of(new JsonObject().put("name", "x-b"), first.copy().put("name", "x-a"));
    JsonObject same =
        new JsonObject()
            .put("hosts", "any")
            .put("methods", new JsonArray())
            .put("pathTemplate", prefix + "/{number}")
            .put("headers", sameHeaders)
            .put("service", name);
    assertThat(api.post("/v1/routes", same).problem()).isEqualTo("route-taken");
    assertThat(api.post("/v1/routes", template).status()).isEqualTo(201);
    assertThat(api.patch(one.header("Location"), new JsonObject().putNull("headers")).problem())
        .isEqualTo("route-taken");
  }

  @Test
  void keepsEveryServiceThatARouteMayLeadTo() {
    for (String part : List.of("-a", "-b", "-c", "-d")) {
      api.post("/v1/services", service().put("name", name + part));
    }
    JsonObject wanted =
        new JsonObject()
            .put("pathPrefix", prefix)
            .put("destinations", destinations("-a", "-b"))
            .put(
                "versions",
                new JsonObject()
                    .put("defaultVersion", "v1")
                    .put(
                        "versions",
                        JsonArray.of(
                            new JsonObject().put("name", "v1").put("service", name + "-c"))))
            .put("mirror", new JsonObject().put("service", name + "-d").put("percent", 1));
    Reply created = api.post("/v1/routes", wanted);
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    for (String part : List.of("-a", "-b", "-c", "-d")) {
      assertThat(api.delete("/v1/services/" + name + part).problem()).isEqualTo("service-in-use");
    }
    api.patch(created.header("Location"), new JsonObject().putNull("mirror"));
    assertThat(api.delete("/v1/services/" + name + "-d").status()).isEqualTo(204);
    assertThat(api.delete("/v1/services/" + name + "-a").problem()).isEqualTo("service-in-use");
  }

  @Test
  void saysWhoMayUseARoute() {
    api.post("/v1/services", service().put("name", name));
    JsonObject wanted =
        new JsonObject()
            .put("pathPrefix", prefix)
            .put("service", name)
            .put(
                "access",
                new JsonObject()
                    .put("methods", JsonArray.of("jwt"))
                    .put("roles", JsonArray.of("admin")));
    Reply created = api.post("/v1/routes", wanted);
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    assertThat(created.json().getJsonObject("access")).isEqualTo(wanted.getJsonObject("access"));
    JsonObject open = new JsonObject().put("methods", JsonArray.of("anonymous"));
    Reply contradiction =
        api.patch(created.header("Location"), new JsonObject().put("access", open));
    assertThat(contradiction.status()).as("anonymous callers have no roles").isEqualTo(400);
    assertThat(contradiction.toString()).contains("/access");
    open.putNull("roles");
    assertThat(api.patch(created.header("Location"), new JsonObject().put("access", open)).status())
        .isEqualTo(200);
  }

  @Test
  void keepsAServiceThatATenantHasDifferent() {
    api.post("/v1/services", service().put("name", name + "-a"));
    api.post("/v1/services", service().put("name", name + "-b"));
    JsonObject override = new JsonObject().put("sendTo", name + "-b");
    JsonObject config =
        new JsonObject().put("services", new JsonObject().put(name + "-a", override));
    Reply tenant = api.post("/v1/tenants", Fresh.tenant().put("config", config));
    assertThat(tenant.status()).as(tenant.toString()).isEqualTo(201);
    for (String part : List.of("-a", "-b")) {
      assertThat(api.delete("/v1/services/" + name + part).problem()).isEqualTo("service-in-use");
    }
    JsonObject patch =
        new JsonObject()
            .put("config", new JsonObject().put("services", new JsonObject().putNull(name + "-a")));
    assertThat(api.patch(tenant.header("Location"), patch).status()).isEqualTo(200);
    assertThat(api.delete("/v1/services/" + name + "-a").status()).isEqualTo(204);

    api.post("/v1/services", service().put("name", name + "-a"));
    api.patch(tenant.header("Location"), new JsonObject().put("config", config));
    api.delete(tenant.header("Location"));
    assertThat(api.delete("/v1/services/" + name + "-a").status()).isEqualTo(204);
  }

  @Test
  void refusesOverridesOfServicesThatAreNotThere() {
    api.post("/v1/services", service());
    JsonObject overrides =
        new JsonObject()
            .put(name, new JsonObject().put("sendTo", "nobody"))
            .put("nothing", new JsonObject());
    JsonObject config = new JsonObject().put("services", overrides);
    Reply reply = api.post("/v1/tenants", Fresh.tenant().put("config", config));
    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.problem()).isEqualTo("unknown-service");
    assertThat(reply.pointers())
        .containsExactlyInAnyOrder(
            "/config/services/" + name + "/sendTo", "/config/services/nothing");
  }

  @Test
  void refusesSettingsOfAServiceThatATenantIsSentAwayFrom() {
    api.post("/v1/services", service().put("name", name + "-a"));
    api.post("/v1/services", service().put("name", name + "-b"));
    JsonObject sent = new JsonObject().put("sendTo", name + "-b");
    Reply tenant = api.post("/v1/tenants", Fresh.tenant().put("config", overriding(sent)));
    JsonObject more =
        new JsonObject()
            .put("endpoints", service().getJsonArray("endpoints"))
            .put("circuitBreaker", new JsonObject());

    Reply reply =
        api.patch(tenant.header("Location"), new JsonObject().put("config", overriding(more)));

    assertThat(reply.status()).isEqualTo(400);
    String override = "/config/services/" + name + "-a";
    assertThat(reply.pointers())
        .containsExactlyInAnyOrder(override + "/endpoints", override + "/circuitBreaker");
    assertThat(
            api.patch(
                    tenant.header("Location"),
                    new JsonObject().put("config", overriding(more.putNull("sendTo"))))
                .status())
        .isEqualTo(200);
  }

  private JsonObject overriding(JsonObject override) {
    return new JsonObject().put("services", new JsonObject().put(name + "-a", override));
  }

  @Test
  void refusesDestinationsOfTenantsThatAreNotThere() {
    api.post("/v1/services", service().put("name", name + "-a"));
    JsonObject wanted =
        new JsonObject().put("pathPrefix", prefix).put("destinations", destinations("-a"));
    wanted
        .getJsonObject("destinations")
        .getJsonArray("services")
        .getJsonObject(0)
        .put("tenants", JsonArray.of(UUID.randomUUID().toString()));
    Reply reply = api.post("/v1/routes", wanted);
    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.problem()).isEqualTo("unknown-tenant");
    assertThat(reply.pointers()).containsExactly("/destinations/services/0/tenants");
  }

  @Test
  void refusesPrefixesThatNoNormalizedPathHas() {
    for (String bad :
        List.of("", "api", "//a", "/a//b", "/a/../b", "/./a", "/a b", "/%2e", "/a?b", "/a\n")) {
      Reply reply = api.post("/v1/routes", route().put("pathPrefix", bad));
      assertThat(reply.status()).as(bad).isEqualTo(400);
      assertThat(reply.pointers()).containsExactly("/pathPrefix");
    }
  }

  private JsonObject service() {
    JsonObject endpoint = new JsonObject().put("host", "127.0.0.1").put("port", 8080);
    return new JsonObject().put("name", name).put("endpoints", JsonArray.of(endpoint));
  }

  private JsonObject destinations(String... parts) {
    JsonArray services = new JsonArray();
    for (String part : parts) {
      services.add(new JsonObject().put("service", name + part).put("weight", 1));
    }
    return new JsonObject().put("services", services);
  }

  private JsonObject route() {
    return new JsonObject().put("pathPrefix", prefix).put("service", name);
  }
}
