package dev.gatehouse.deploy.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RolloutTest {
  @Test
  void isFollowedWaveByWave() {
    try (BrowserContext context = Browsers.context(1280, ColorScheme.DARK)) {
      Page page = Browsers.signedIn(context, Platform.OPERATOR);
      page.navigate("/console/blueprints");
      button(page, "New blueprint").click();
      page.getByLabel("Name").fill("ledger");
      button(page, "Make blueprint").click();
      button(page, "New version…").click();
      page.getByLabel("Up:")
          .fill(
              "CREATE TABLE ledger (tenant_id uuid, id uuid, PRIMARY KEY (tenant_id, id));"
                  + " SELECT tenancy.protect('ledger');");
      page.getByLabel("Down:").fill("DROP TABLE ledger;");
      button(page, "Keep version").click();
      button(page, "Roll out…").click();
      page.getByLabel("Places of each later wave").fill("2");
      button(page, "Begin").click();
      assertThat(page.locator(".waves li")).not().hasCount(0);
      assertThat(page.locator(".head .pill"))
          .hasText("Done", new LocatorAssertions.HasTextOptions().setTimeout(30_000));
      Assertions.assertThat(Axe.violations(page)).isEmpty();
      page.navigate("/console/blueprints/ledger");
      assertThat(page.locator(".figure").first()).containsText("1");
    }
  }

  private static Locator button(Page page, String name) {
    return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name));
  }
}
