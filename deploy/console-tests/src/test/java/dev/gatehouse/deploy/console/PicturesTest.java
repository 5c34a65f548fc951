package dev.gatehouse.deploy.console;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Takes the pictures of the documentation, into the folder that {@code gatehouse.pictures} names. */
@Timeout(300)
@EnabledIfSystemProperty(named = "gatehouse.pictures", matches = ".+")
class PicturesTest {
  private static final Path FOLDER = Path.of(System.getProperty("gatehouse.pictures", "."));
  private static final List<String> ALL =
      List.of(
          "/tenants", "/tenants/acme", "/tenants/acme/domains", "/tenants/acme/domains/www.acme.example", "/tenants/acme/members",
          "/tenants/acme/keys", "/tenants/acme/identity", "/tenants/acme/limits",
          "/tenants/acme/data", "/tenants/acme/audit", "/services", "/services/shop", "/routes",
          "/plans", "/plans/team", "/partitions", "/partitions/eu-1", "/blueprints",
          "/blueprints/shop", "/gateways", "/audit", "/sessions", "");

  @Test
  void takesAll() {
    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      for (int width : new int[] {1280, 390}) {
        try (BrowserContext context = Browsers.context(width, scheme)) {
          Page page = Browsers.signedIn(context, Platform.OPERATOR);
          for (String path : ALL) {
            page.navigate("/console" + path);
            String name = path.isEmpty() ? "overview" : path.substring(1).replace('/', '-');
            page.screenshot(
                new Page.ScreenshotOptions()
                    .setPath(
                        FOLDER.resolve(
                            name + "-" + scheme.name().toLowerCase(java.util.Locale.ROOT) + "-" + width + ".png"))
                    .setFullPage(width < 500));
          }
        }
      }
    }
  }
}
