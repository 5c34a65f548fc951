package dev.gatehouse.controlplane.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TenantsTest {
  private final ApiClient api = RunningControlPlane.operator();

  @Test
  void createsAnActiveTenantThatCanBeReadByIdAndSlug() {
    JsonObject wanted = Fresh.tenant().put("limits", new JsonObject().put("users", 5));
    Reply created = api.post("/v1/tenants", wanted);

    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    assertThat(created.json().getString("status")).isEqualTo("active");
    assertThat(UUID.fromString(created.json().getString("id")).version()).isEqualTo(7);
    assertThat(created.header("ETag")).isEqualTo("\"1\"");
    assertThat(Long.parseLong(created.header("Gatehouse-Revision"))).isPositive();
    assertThat(api.get(created.header("Location")).json()).isEqualTo(created.json());
    assertThat(api.get("/v1/tenants/" + wanted.getString("slug")).json()).isEqualTo(created.json());
  }

  @Test
  void refusesASlugThatIsTaken() {
    JsonObject wanted = Fresh.tenant();
    api.post("/v1/tenants", wanted);
    Reply second = api.post("/v1/tenants", wanted);

    assertThat(second.status()).isEqualTo(409);
    assertThat(second.problem()).isEqualTo("slug-taken");
    assertThat(second.pointers()).containsExactly("/slug");
  }

  @Test
  void refusesReservedSlugs() {
    for (String slug : List.of("www", "api", "admin")) {
      Reply reply = api.post("/v1/tenants", Fresh.tenant().put("slug", slug));
      assertThat(reply.status()).isEqualTo(422);
      assertThat(reply.pointers()).containsExactly("/slug");
    }
  }

  @Test
  void mergesAPatchAndRemovesWhatIsNull() {
    JsonObject limits = new JsonObject().put("users", 5).put("storageGb", 7);
    String path = create(Fresh.tenant().put("limits", limits));
    JsonObject patch =
        new JsonObject()
            .put("name", "Renamed")
            .put("limits", new JsonObject().putNull("users").put("customDomains", 1));
    Reply patched = api.patch(path, patch);

    assertThat(patched.status()).as(patched.toString()).isEqualTo(200);
    assertThat(patched.header("ETag")).isEqualTo("\"2\"");
    assertThat(patched.json().getString("name")).isEqualTo("Renamed");
    assertThat(patched.json().getJsonObject("limits"))
        .isEqualTo(new JsonObject().put("storageGb", 7).put("customDomains", 1));
    assertThat(api.get(path).json()).isEqualTo(patched.json());
  }

  @Test
  void validatesTheResultOfAPatch() {
    String path = create(Fresh.tenant());
    Reply reply = api.patch(path, new JsonObject().putNull("name"));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.pointers()).containsExactly("/name");
    assertThat(api.patch(path, new JsonObject().put("status", "deleted")).pointers())
        .containsExactly("/status");
  }

  @Test
  void refusesAStaleEntityTagAndChangesNothing() {
    String path = create(Fresh.tenant());
    api.patch(path, new JsonObject().put("name", "First"), "If-Match", "\"1\"");
    Reply stale = api.patch(path, new JsonObject().put("name", "Second"), "If-Match", "\"1\"");

    assertThat(stale.status()).isEqualTo(412);
    assertThat(stale.problem()).isEqualTo("version-stale");
    assertThat(api.get(path).json().getString("name")).isEqualTo("First");
    assertThat(api.delete(path, "If-Match", "\"1\"").status()).isEqualTo(412);
    assertThat(api.patch(path, new JsonObject(), "If-Match", "W/\"2\"").status()).isEqualTo(412);
    assertThat(api.patch(path, new JsonObject(), "If-Match", "*").status()).isEqualTo(200);
  }

  @Test
  void answersNotModifiedToWhoHasTheVersion() {
    String path = create(Fresh.tenant());
    Reply reply = api.get(path, "If-None-Match", "\"0\", W/\"1\"");
    assertThat(reply.status()).isEqualTo(304);
    assertThat(reply.text()).isEmpty();
    assertThat(api.get(path, "If-None-Match", "\"2\"").status()).isEqualTo(200);
  }

  @Test
  void livesFromPendingToDeleted() {
    String path = create(Fresh.tenant().put("status", "pending"));
    LifeOfTenantsTest.await(() -> api.get(path).json().getString("status").equals("active"));
    assertThat(api.post(path + "/activate").problem()).isEqualTo("transition-not-allowed");
    Reply suspended = api.post(path + "/suspend", new JsonObject().put("reason", "overdue"));
    assertThat(suspended.json().getString("statusReason")).isEqualTo("overdue");
    assertThat(api.post(path + "/suspend").status()).isEqualTo(409);
    Reply resumed = api.post(path + "/resume");
    assertThat(resumed.json().getString("status")).isEqualTo("active");
    assertThat(resumed.json().containsKey("statusReason")).isFalse();
    assertThat(api.delete(path).status()).isEqualTo(204);
    assertThat(api.get(path).status()).isEqualTo(404);
    assertThat(api.delete(path).status()).isEqualTo(404);
    assertThat(api.post(path + "/resume").status()).isEqualTo(404);
  }

  @Test
  void keepsTheSlugOfADeletedTenantAndListsItOnlyWhenAsked() {
    JsonObject wanted = Fresh.tenant();
    String slug = wanted.getString("slug");
    String path = create(wanted);
    String host = Fresh.host();
    api.post(path + "/domains", Fresh.trustedDomain(host));
    api.delete(path);

    assertThat(api.post("/v1/tenants", wanted).status()).isEqualTo(409);
    assertThat(slugs(api.get("/v1/tenants?slug=" + slug))).isEmpty();
    assertThat(slugs(api.get("/v1/tenants?status=deleted&slug=" + slug))).containsExactly(slug);
    String other = create(Fresh.tenant());
    assertThat(api.post(other + "/domains", Fresh.trustedDomain(host)).status()).isEqualTo(201);
  }

  @Test
  void listsPageByPageWhatASearchFinds() {
    String mark = "Mark" + UUID.randomUUID();
    List<String> created = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      JsonObject wanted = Fresh.tenant().put("name", "100%_" + mark + i);
      create(wanted);
      created.add(wanted.getString("slug"));
    }
    List<String> found = new ArrayList<>();
    String query = "/v1/tenants?limit=2&q=%25_" + mark.toUpperCase(java.util.Locale.ROOT);
    Reply page = api.get(query);
    found.addAll(slugs(page));
    while (page.json().containsKey("nextCursor")) {
      page = api.get(query + "&cursor=" + page.json().getString("nextCursor"));
      found.addAll(slugs(page));
    }
    assertThat(found).isEqualTo(created);
  }

  @Test
  void sortsBothWaysAndPageByPage() {
    String mark = "Sort" + UUID.randomUUID();
    List<String> created = new ArrayList<>();
    for (String name : List.of("b", "d", "a", "c", "b")) {
      JsonObject wanted = Fresh.tenant().put("name", mark + name);
      create(wanted);
      created.add(wanted.getString("slug"));
    }
    String query = "/v1/tenants?q=" + mark;
    List<String> byName =
        List.of(created.get(2), created.get(0), created.get(4), created.get(3), created.get(1));
    assertThat(allPages(query + "&sort=name")).isEqualTo(byName);
    assertThat(allPages(query + "&sort=-name")).isEqualTo(byName.reversed());
    assertThat(allPages(query + "&sort=createdAt")).isEqualTo(created);
    assertThat(allPages(query + "&sort=-createdAt")).isEqualTo(created.reversed());
    assertThat(allPages(query + "&sort=slug")).isEqualTo(created.stream().sorted().toList());
    api.patch("/v1/tenants/" + created.getFirst(), new JsonObject().put("name", mark + "z"));
    assertThat(allPages(query + "&sort=-updatedAt").getFirst()).isEqualTo(created.getFirst());
    assertThat(allPages(query + "&sort=updatedAt").getLast()).isEqualTo(created.getFirst());
  }

  private List<String> allPages(String query) {
    List<String> found = new ArrayList<>();
    Reply page = api.get(query + "&limit=2");
    found.addAll(slugs(page));
    while (page.json().containsKey("nextCursor")) {
      page = api.get(query + "&limit=2&cursor=" + page.json().getString("nextCursor"));
      found.addAll(slugs(page));
    }
    return found;
  }

  @Test
  void findsByDomainAndByTheTimeOfCreation() {
    JsonObject wanted = Fresh.tenant();
    Reply created = api.post("/v1/tenants", wanted);
    String slug = wanted.getString("slug");
    String host = Fresh.host();
    api.post(created.header("Location") + "/domains", new JsonObject().put("host", host));
    String at = created.json().getString("createdAt");

    assertThat(slugs(api.get("/v1/tenants?domain=" + host))).containsExactly(slug);
    assertThat(slugs(api.get("/v1/tenants?domain=" + Fresh.host()))).isEmpty();
    assertThat(slugs(api.get("/v1/tenants?slug=" + slug + "&createdFrom=" + at)))
        .containsExactly(slug);
    assertThat(slugs(api.get("/v1/tenants?slug=" + slug + "&createdTo=" + at))).isEmpty();
  }

  @Test
  void findsAllWhoClaimADomainInAnySpelling() {
    String label = Fresh.slug();
    List<String> claimants =
        Stream.generate(Fresh::tenant)
            .limit(2)
            .map(tenant -> {
              String path = api.post("/v1/tenants", tenant).header("Location");
              JsonObject domain = new JsonObject().put("host", label + ".stra\u00dfe.example");
              assertThat(api.post(path + "/domains", domain).status()).isEqualTo(201);
              return tenant.getString("slug");
            })
            .toList();
    assertThat(slugs(api.get("/v1/tenants?domain=" + label + ".STRA%C3%9FE.example")))
        .containsExactlyElementsOf(claimants);
    assertThat(api.get("/v1/tenants?domain=%5B%5D").problem()).isEqualTo("invalid-parameter");
  }

  @Test
  void findsTheBeginningByOneOrTwoCharacters() {
    JsonObject wanted = Fresh.tenant().put("name", "Ωx company");
    create(wanted);
    List<String> found = slugs(api.get("/v1/tenants?sort=-createdAt&q=%CF%89x"));
    assertThat(found).contains(wanted.getString("slug"));
    assertThat(slugs(api.get("/v1/tenants?sort=-createdAt&q=x%20"))).isEmpty();
  }

  @Test
  void refusesACursorThatThisListDidNotGive() {
    create(Fresh.tenant());
    create(Fresh.tenant());
    String cursor = api.get("/v1/tenants?limit=1").json().getString("nextCursor");
    char last = cursor.charAt(cursor.length() - 1);
    String altered = cursor.substring(0, cursor.length() - 1) + (last == 'A' ? 'B' : 'A');
    for (String path :
        List.of(
            "/v1/tenants?cursor=" + altered,
            "/v1/tenants?cursor=AAAA",
            "/v1/tenants?cursor=%00",
            "/v1/tenants?status=active&cursor=" + cursor,
            "/v1/tenants?sort=name&cursor=" + cursor,
            "/v1/tenants?createdFrom=2020-01-01T00:00:00Z&cursor=" + cursor,
            "/v1/services?cursor=" + cursor)) {
      assertThat(api.get(path).status()).as(path).isEqualTo(400);
    }
    assertThat(api.get("/v1/tenants?limit=2&cursor=" + cursor).status()).isEqualTo(200);
  }

  private String create(JsonObject wanted) {
    Reply created = api.post("/v1/tenants", wanted);
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    return created.header("Location");
  }

  private static List<String> slugs(Reply page) {
    JsonArray items = page.json().getJsonArray("items");
    return items.stream().map(item -> ((JsonObject) item).getString("slug")).toList();
  }
}
