package dev.gatehouse.deploy.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class AnalyticsPagesTest {
  @BeforeEach
  void needsABrowser() {
    Browsers.require();
  }

  @Test
  void showWhoComesAndStaysAndGiveItAsAFile() throws IOException {
    try (BrowserContext context = Browsers.context(1280, ColorScheme.LIGHT)) {
      Page page = Browsers.signedIn(context, Platform.OPERATOR);
      page.navigate("/console/analytics");
      assertThat(page.locator("h1")).hasText("Analytics");
      assertThat(page.locator(".cohorts tbody tr").first()).containsText("%");
      assertThat(page.locator("main")).containsText("without an error");
      assertThat(page.locator(".columns rect")).not().hasCount(0);
      Download growth =
          page.waitForDownload(() -> page.getByLabel("Download growth as CSV").click());
      assertThat(growth.suggestedFilename()).isEqualTo("gatehouse-growth.csv");
      assertThat(Files.readString(growth.path())).startsWith("from,to,complete,tenantsCreated,");
    }
  }

  @Test
  void aPlanSaysWhatItPromisesAndIsToldAnother() {
    JsonObject _ =
        Platform.API.post("/v1/plans", JsonObject.of("name", "promising", "title", "Promising"));
    try (BrowserContext context = Browsers.context(390, ColorScheme.DARK)) {
      Page page = Browsers.signedIn(context, Platform.OPERATOR);
      page.navigate("/console/plans/promising");
      assertThat(page.locator("main")).containsText("Nothing is promised to its tenants.");
      page.getByText("Objectives…").click();
      page.getByLabel("Answered without an error").fill("almost all");
      page.locator("#objectives-form button.primary").click();
      assertThat(page.locator("#objectives-form")).containsText("must be a number such as 99.9");
      page.getByLabel("Answered without an error").fill("99.95");
      page.getByLabel("Answered in time").fill("99");
      page.getByLabel("The time, in milliseconds").fill("250");
      assertThat(Axe.violations(page)).isEmpty();
      page.locator("#objectives-form button.primary").click();
      assertThat(page.locator("main")).containsText("99.95 %");
      assertThat(page.locator("main")).containsText("Answered within 250 ms");
      assertThat(Axe.violations(page)).isEmpty();
      assertThat(Platform.API.get("/v1/plans/promising").getJsonObject("objectives"))
          .isEqualTo(
              JsonObject.of(
                  "availability",
                  JsonObject.of("target", 99.95),
                  "latency",
                  JsonObject.of("target", 99.0, "withinMillis", 250)));
    }
  }

  @Test
  void teachThoseWhoHaveNothingYetAndShowNobodyElsesFigures() {
    String slug = Platform.tenant("Not yet promised anything");
    try (BrowserContext context = Browsers.context(390, ColorScheme.DARK)) {
      Page page = Browsers.signedIn(context, Platform.member("admin", slug));
      page.navigate("/console/tenants/" + slug + "/analytics");
      assertThat(page.locator("main")).containsText("Nothing is promised");
      assertThat(page.locator("main")).containsText("No request yet");
      assertThat(Axe.violations(page)).isEmpty();
      assertThat(page.navigate("/console/analytics").status()).isEqualTo(403);
      assertThat(page.navigate("/console/analytics/export?report=growth").status()).isEqualTo(403);
      assertThat(page.navigate("/console/tenants/acme/analytics").status()).isEqualTo(404);
      assertThat(page.navigate("/console/tenants/acme/analytics/export?report=growth").status())
          .isEqualTo(404);
    }
  }
}
