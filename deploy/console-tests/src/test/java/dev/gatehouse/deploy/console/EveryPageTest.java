package dev.gatehouse.deploy.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What holds for every page. */
@Timeout(120)
class EveryPageTest {
  private static final String VIOLATIONS =
      "document.addEventListener('securitypolicyviolation', e =>"
          + " console.error('policy: ' + e.violatedDirective + ' ' + e.blockedURI));";

  private final List<String> complaints = new ArrayList<>();

  @BeforeEach
  void needsABrowser() {
    Browsers.require();
  }

  @Test
  void isUsableByEverybodyInLightOnAWideScreen() {
    visitAll(1280, ColorScheme.LIGHT);
    assertThat(complaints).isEmpty();
  }

  @Test
  void isUsableByEverybodyInDarkOnAPhone() {
    visitAll(390, ColorScheme.DARK);
    assertThat(complaints).isEmpty();
  }

  @Test
  void signInIsUsableByEverybody() {
    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      try (BrowserContext context = Browsers.context(390, scheme)) {
        Page page = context.newPage();
        page.navigate("/console/sign-in");
        assertThat(Axe.violations(page)).isEmpty();
        assertThat(widthBeyond(page)).isZero();
      }
    }
  }

  @Test
  void dialogsAreUsableByEverybody() {
    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      try (BrowserContext context = Browsers.context(390, scheme)) {
        Page page = Browsers.signedIn(context, Platform.OPERATOR);
        page.navigate("/console/tenants/acme");
        for (String dialog : List.of("suspend-dialog", "edit", "plan-step", "delete-dialog")) {
          page.locator("[data-open=" + dialog + "]").first().click();
          assertThat(Axe.violations(page)).as(dialog).isEmpty();
          page.keyboard().press("Escape");
        }
        page.navigate("/console/tenants/acme/limits");
        page.locator("[data-open=change-limits]").click();
        assertThat(Axe.violations(page)).isEmpty();
      }
    }
  }

  /**
   * Also: no complaint of the browser, nothing that its policy keeps from it, no sideways scroll.
   */
  private void visitAll(int width, ColorScheme scheme) {
    try (BrowserContext context = Browsers.context(width, scheme)) {
      context.addInitScript(VIOLATIONS);
      Page page = Browsers.signedIn(context, Platform.OPERATOR);
      page.onConsoleMessage(message -> {
        if (message.type().equals("error") && !message.text().contains("404 (Not Found)")) {
          complaints.add(page.url() + ": " + message.text());
        }
      });
      page.onPageError(error -> complaints.add(page.url() + ": " + error));
      for (String path : ConsolePages.ALL) {
        page.navigate("/console" + path);
        Axe.violations(page).forEach(found -> complaints.add(path + ": " + found));
        if (widthBeyond(page) > 0) {
          complaints.add(path + " is " + widthBeyond(page) + " pixels too wide");
        }
      }
    }
  }

  private static int widthBeyond(Page page) {
    return (int) page.evaluate("document.documentElement.scrollWidth - innerWidth");
  }
}
