package dev.gatehouse.deploy.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a gateway is asked and tells: what becomes of a request, and how fit endpoints are. */
@Timeout(120)
class GatewayPagesTest {
  private static final String SECRET = "gh_0123456789abcdef_nobody-keeps-this";

  private static Rest as(String token) {
    return new Rest(Platform.origin(), token);
  }

  private static HttpResponse<String> explain(String token, String tenant, JsonObject body) {
    return as(token)
        .send(
            "POST",
            "/v1/tenants/" + tenant + "/explain",
            body.encode(),
            "Content-Type",
            "application/json",
            "Authorization",
            "Bearer " + token);
  }

  private static JsonArray stepsOf(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body()).getJsonArray("steps");
  }

  @Test
  void aRequestIsExplainedByTheKeyboardAloneAndNothingOfItIsKept() {
    try (BrowserContext context = Browsers.context(390, ColorScheme.DARK)) {
      Page page = Browsers.signedIn(context, Platform.OPERATOR);
      page.navigate("/console/tenants/acme/explain");
      page.getByLabel("Path").focus();
      page.keyboard().press("ControlOrMeta+a");
      page.keyboard().type("/orders");
      for (int i = 0; i < 3; i++) {
        page.keyboard().press("Tab");
      }
      page.keyboard().type("X-API-Key: " + SECRET);
      for (int i = 0; i < 3; i++) {
        page.keyboard().press("Tab");
      }
      page.keyboard().press("Enter");

      assertThat(page.locator("#explained h2")).hasText("It would be refused");
      assertThat(page.locator("#explained")).containsText("GET https://acme.gatehouse.test/orders");
      assertThat(page.locator("#explained li.ended")).containsText("401");
      assertThat(page.locator("#explain-curl")).containsText("-H 'X-API-Key: …'");
      assertThat(Axe.violations(page)).isEmpty();
      assertThat((int) page.evaluate("document.documentElement.scrollWidth - innerWidth")).isZero();
    }
    String trail = Platform.API.get("/v1/tenants/acme/audit?limit=200").encode();
    assertThat(trail).doesNotContain(SECRET);
  }

  @Test
  void whatIsWrongIsSaidAtItsField() {
    try (BrowserContext context = Browsers.context(1280, ColorScheme.LIGHT)) {
      Page page = Browsers.signedIn(context, Platform.OPERATOR);
      page.navigate("/console/tenants/acme/explain");
      page.getByLabel("Headers").fill("no colon here");
      page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Explain")).click();

      assertThat(page.locator("#explained")).containsText("Name: value");
      assertThat(page.getByLabel("Headers")).hasAttribute("aria-invalid", "true");
    }
  }

  @Test
  void anAdministratorOfATenantLearnsNothingOfOthersAndOfThePlatform() {
    String own = Platform.tenant("Of an administrator");
    String token = Platform.member("admin", own);

    List<JsonArray> elsewhere =
        List.of("acme", "no-such-tenant-at-all").stream()
            .map(host -> JsonObject.of("host", host + "." + Platform.BASE_DOMAIN))
            .map(body -> stepsOf(explain(token, own, body)))
            .toList();
    HttpResponse<String> mine = explain(token, own, new JsonObject());

    assertThat(elsewhere.getFirst().getJsonObject(1))
        .isEqualTo(elsewhere.getLast().getJsonObject(1));
    assertThat(elsewhere.getFirst()).hasSize(2);
    assertThat(stepsOf(mine).getJsonObject(1).getBoolean("passed")).isTrue();
    assertThat(mine.body()).doesNotContain("shop", "127.0.0.1", "fra-1");
    assertThat(explain(token, "acme", new JsonObject()).statusCode()).isEqualTo(404);
  }

  @Test
  void aServiceShowsWhichEndpointFailsAtWhichGatewayAndWhy() {
    Sample.until(() -> health("shop").getString("summary").contains("fails the checks of fra-1"));
    try (BrowserContext context = Browsers.context(1280, ColorScheme.LIGHT)) {
      Page page = Browsers.signedIn(context, Platform.OPERATOR);
      page.navigate("/console/services");
      assertThat(page.locator("tr", new Page.LocatorOptions().setHasText("reports")))
          .containsText("1 of 1 endpoint");
      assertThat(page.locator("tr", new Page.LocatorOptions().setHasText("shop")))
          .containsText("1 of 2 endpoints");
      page.navigate("/console/services/shop");
      assertThat(page.locator("#live")).containsText("Unhealthy");
      assertThat(page.locator("#live")).containsText("Connection refused");
      assertThat(page.locator("#live")).containsText("fra-1");
      assertThat(Axe.violations(page)).isEmpty();
    }
  }

  @Test
  void aLongListIsShownPageByPageByTheKeyboardAlone() {
    for (int i = 0; i < 60; i++) {
      JsonObject _ =
          Platform.API.post(
              "/v1/plans", JsonObject.of("name", "zz-%02d".formatted(i), "title", "Of many " + i));
    }
    try (BrowserContext context = Browsers.context(1280, ColorScheme.LIGHT)) {
      Page page = Browsers.signedIn(context, Platform.OPERATOR);
      page.navigate("/console/plans");
      assertThat(page.locator("nav.pager")).containsText("There are more.");
      assertThat(page.locator("tbody tr")).hasCount(50);
      page.keyboard().press("n");
      assertThat(page.locator("tbody tr").last()).containsText("zz-59");
      assertThat(page.locator("nav.pager")).containsText("The last page");
      assertThat(Axe.violations(page)).isEmpty();
      page.getByText("To the beginning").click();
      assertThat(page.locator("tbody tr")).hasCount(50);
      page.keyboard().press("g");
      page.keyboard().press("n"); // a place now, and not the next page
      page.waitForURL("**/console/analytics");
    }
  }

  private static JsonObject health(String service) {
    return Platform.API.get("/v1/services/" + service + "/endpoints").getJsonObject("health");
  }
}
