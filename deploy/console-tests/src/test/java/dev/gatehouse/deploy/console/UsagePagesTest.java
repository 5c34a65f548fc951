package dev.gatehouse.deploy.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class UsagePagesTest {
  @Test
  void showWhatTheGatewaysHaveCounted() {
    Platform.awaitUsage();
    try (BrowserContext context = Browsers.context(390, ColorScheme.LIGHT)) {
      Page page = Browsers.signedIn(context, Platform.OPERATOR);
      assertThat(page.locator("#plot canvas")).isVisible();
      assertThat(page.locator(".figure").first()).containsText("Requests, last 24 h");
      assertThat(page.locator("main")).containsText("globex-corporation");
      page.navigate("/console/tenants/acme/usage");
      assertThat(page.locator("#plot canvas")).isVisible();
      assertThat(page.locator("main")).containsText("This month");
      assertThat(page.locator("main")).containsText("of 50 000 000");
      assertThat(Axe.violations(page)).isEmpty();
    }
  }

  @Test
  void areThereForThoseWhoHaveDoneNothingToo() {
    String slug = Platform.tenant("Not yet used");
    try (BrowserContext context = Browsers.context(1280, ColorScheme.DARK)) {
      Page page = Browsers.signedIn(context, Platform.member("admin", slug));
      page.navigate("/console/tenants/" + slug + "/usage");
      assertThat(page.locator("main")).containsText("No request yet");
      assertThat(Axe.violations(page)).isEmpty();
    }
  }
}
