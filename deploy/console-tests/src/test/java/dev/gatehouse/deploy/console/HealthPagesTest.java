package dev.gatehouse.deploy.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class HealthPagesTest {
  @BeforeEach
  void needsABrowser() {
    Browsers.require();
  }

  /** One whose quota is used up, for longer than a state waits. */
  static String unhealthy(String name) {
    String slug = "t-" + UUID.randomUUID().toString().substring(0, 8);
    JsonObject limits = JsonObject.of("requestsPerMonth", 1000);
    String id =
        Platform.API
            .post("/v1/tenants", JsonObject.of("slug", slug, "name", name, "limits", limits))
            .getString("id");
    Platform.execute(
        "INSERT INTO usage_month VALUES ('%s', date_trunc('month', now(), 'UTC')::date, 1000, 0)"
            .formatted(id));
    Platform.judge();
    Platform.execute(
        """
        UPDATE tenant_health SET leaning_since = now() - interval '1 hour' WHERE tenant_id = '%1$s';
        INSERT INTO tenant_health_history (tenant_id, at, state, score)
        SELECT '%1$s', now() - hours * interval '1 hour', 'healthy', 100 - hours %% 7
          FROM generate_series(1, 40) hours ON CONFLICT DO NOTHING
        """
            .formatted(id));
    Platform.judge();
    return slug;
  }

  @Test
  void sayWhoDoesWorstAndWhy() {
    String slug = unhealthy("Quota Eaters");
    try (BrowserContext context = Browsers.context(390, ColorScheme.LIGHT)) {
      Page page = Browsers.signedIn(context, Platform.OPERATOR);
      assertThat(page.locator("section[aria-labelledby=worst]")).containsText("Quota Eaters");
      assertThat(Axe.violations(page)).isEmpty();
      page.navigate("/console/tenants");
      page.locator("#health").selectOption("unhealthy");
      assertThat(page.locator("#list")).not().containsText("Acme");
      assertThat(page.locator("#list")).containsText("Quota Eaters");
      page.navigate("/console/tenants/" + slug);
      page.locator(".head a.plain").click();
      assertThat(page.locator("main")).containsText("of the requests of this month are used");
      assertThat(page.locator("main")).containsText("Raise limits.requestsPerMonth");
      assertThat(page.locator("#plot canvas")).isVisible();
      assertThat(Axe.violations(page)).isEmpty();
    }
  }

  @Test
  void showAnAdministratorTheirOwn() {
    String slug = Platform.tenant("Just made");
    try (BrowserContext context = Browsers.context(1280, ColorScheme.DARK)) {
      Page page = Browsers.signedIn(context, Platform.member("admin", slug));
      page.navigate("/console/tenants/" + slug + "/health");
      assertThat(page.locator("main")).containsText("It has not been judged yet");
      assertThat(Axe.violations(page)).isEmpty();
      Platform.judge();
      page.reload();
      assertThat(page.locator("main")).containsText("Fewer than 20 requests in the last hour");
      assertThat(Axe.violations(page)).isEmpty();
    }
  }
}
