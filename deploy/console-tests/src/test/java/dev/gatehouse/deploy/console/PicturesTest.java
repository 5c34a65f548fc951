package dev.gatehouse.deploy.console;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Takes the pictures of the documentation, into the folder that {@code gatehouse.pictures} names;
 * with {@code gatehouse.pictures.every}, those of all pages.
 */
@Timeout(300)
@EnabledIfSystemProperty(named = "gatehouse.pictures", matches = ".+")
class PicturesTest {
  private static final Path FOLDER = Path.of(System.getProperty("gatehouse.pictures", "."));
  private static final List<ColorScheme> SCHEMES = List.of(ColorScheme.LIGHT, ColorScheme.DARK);

  @Test
  void ofTheDocumentation() {
    Platform.awaitUsage();
    String rollout = "/rollouts/" + beginRollout();
    Sample.until(() -> Platform.API.get("/v1" + rollout).getInteger("done") >= 2);
    // While it runs.
    List<String> names =
        List.of("rollout", "overview", "tenants", "tenant", "usage", "health", "analytics");
    String health = "/tenants/" + HealthPagesTest.unhealthy("Sirius Cybernetics") + "/health";
    List<String> paths =
        List.of(
            rollout, "", "/tenants", "/tenants/acme", "/tenants/acme/usage", health, "/analytics");
    for (int i = 0; i < names.size(); i++) {
      for (ColorScheme scheme : SCHEMES) {
        try (BrowserContext context = Browsers.context(1280, scheme)) {
          Page page = Browsers.signedIn(context, Platform.OPERATOR);
          take(page, paths.get(i), "console-" + names.get(i), scheme);
        }
      }
    }
  }

  @Test
  void ofWhatGatewaysTell() {
    Sample.until(() ->
        Platform.API
            .get("/v1/services/shop/endpoints")
            .getJsonObject("health")
            .getString("state")
            .equals("degraded"));
    for (ColorScheme scheme : SCHEMES) {
      try (BrowserContext context = Browsers.context(1280, scheme)) {
        Page page = Browsers.signedIn(context, Platform.OPERATOR);
        take(page, "/services/shop", "console-service", scheme);
        page.navigate("/console/tenants/acme/explain");
        page.getByLabel("Path").fill("/api/orders?limit=10");
        page.getByLabel("Headers").fill("Accept: application/json");
        page.locator("#explain-form button.primary").click();
        page.locator("#explained h2").waitFor();
        shoot(page, "console-explain", scheme);
      }
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "gatehouse.pictures.every", matches = ".+")
  void ofEveryPage() {
    for (ColorScheme scheme : SCHEMES) {
      for (int width : new int[] {1280, 390}) {
        try (BrowserContext context = Browsers.context(width, scheme)) {
          Page page = Browsers.signedIn(context, Platform.OPERATOR);
          for (String path : ConsolePages.ALL) {
            take(page, path, width + path.replaceAll("[^a-z0-9]+", "-"), scheme);
          }
        }
      }
    }
  }

  private static void take(Page page, String path, String name, ColorScheme scheme) {
    page.navigate("/console" + path);
    shoot(page, name, scheme);
  }

  private static void shoot(Page page, String name, ColorScheme scheme) {
    String file = name + "-" + scheme.name().toLowerCase(Locale.ROOT) + ".png";
    page.screenshot(
        new Page.ScreenshotOptions()
            .setPath(FOLDER.resolve(file))
            .setFullPage(page.viewportSize().width < 500));
  }

  /** One that takes its time in each place. */
  private static String beginRollout() {
    JsonObject version =
        JsonObject.of(
            "up",
            "CREATE TABLE orders (tenant_id uuid, id uuid, PRIMARY KEY (tenant_id, id));"
                + " SELECT tenancy.protect('orders'); SELECT pg_sleep(4);",
            "down",
            "DROP TABLE orders;");
    JsonObject _ = Platform.API.put("/v1/blueprints/shop/versions/1", version);
    return Platform.API
        .post(
            "/v1/blueprints/shop/rollouts",
            JsonObject.of("to", 1, "canary", 1, "wave", 2, "parallel", 1))
        .getString("id");
  }
}
