package dev.gatehouse.deploy.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.SameSiteAttribute;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SignInTest {
  private static final String COOKIE = "gatehouse-console";

  private BrowserContext context;

  @BeforeEach
  void open() {
    context = Browsers.context(1280, ColorScheme.LIGHT);
  }

  @AfterEach
  void close() {
    if (context != null) {
      context.close();
    }
  }

  @Test
  void leadsToThePageThatWasAskedForByTheKeyboardAlone() {
    Page page = context.newPage();
    page.navigate("/console/tenants/acme/keys");
    assertThat(page.getByLabel("Token")).isFocused();
    page.keyboard().type(Platform.OPERATOR);
    page.keyboard().press("Enter");
    assertThat(page).hasURL(Platform.origin() + "/console/tenants/acme/keys");
    assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName("API keys")))
        .isVisible();
  }

  @Test
  void tellsThatATokenOpensNothing() {
    Page page = context.newPage();
    page.navigate("/console");
    page.getByLabel("Token").fill("gho_0123456789abcdef_" + "A".repeat(43));
    page.keyboard().press("Enter");
    assertThat(page.getByRole(AriaRole.ALERT)).containsText("opens nothing");
    assertThat(context.cookies()).isEmpty();
  }

  @Test
  void givesACookieThatScriptsAndOtherSitesDoNotHave() {
    Page page = signIn();
    Cookie cookie = session();
    assertThat(cookie.httpOnly).isTrue();
    assertThat(cookie.sameSite).isEqualTo(SameSiteAttribute.STRICT);
    assertThat(cookie.path).isEqualTo("/console");
    assertThat(page.evaluate("document.cookie").toString()).doesNotContain(COOKIE);
  }

  @Test
  void doesNotTakeASessionThatSomebodyElseHasChosen() {
    String chosen = "A".repeat(43);
    context.addCookies(List.of(new Cookie(COOKIE, chosen).setUrl(Platform.origin() + "/console")));
    Page _ = signIn();
    assertThat(session().value).isNotEqualTo(chosen);
  }

  @Test
  void isOverOnceSignedOutWhoeverKeptTheCookie() {
    Page page = Browsers.signedIn(context, Platform.OPERATOR);
    Cookie kept = session();
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign out")).click();
    assertThat(page).hasURL(Platform.origin() + "/console/sign-in");
    context.addCookies(
        List.of(new Cookie(kept.name, kept.value).setUrl(Platform.origin() + "/console")));
    page.navigate("/console/tenants");
    assertThat(page.getByLabel("Token")).isVisible();
  }

  @Test
  void endsWithItsToken() {
    JsonObject token =
        Platform.API.post(
            "/v1/tokens",
            JsonObject.of("kind", "operator", "name", "a passing one", "role", "support"));
    Page page = Browsers.signedIn(context, token.getString("secret"));
    page.navigate("/console/tenants");
    assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName("Tenants")))
        .isVisible();
    JsonObject _ = Platform.API.delete("/v1/tokens/" + token.getString("id"));
    page.reload();
    assertThat(page.getByLabel("Token")).isVisible();
  }

  @Test
  void staysInTheConsoleWhateverTheLinkSays() {
    for (String next :
        List.of(
            "//evil.example",
            "https://evil.example",
            "/v1/tenants",
            "/console//evil.example",
            "/console/\\evil.example")) {
      try (BrowserContext fresh = Browsers.context(1280, ColorScheme.LIGHT)) {
        Page page = fresh.newPage();
        page.navigate("/console/sign-in?next=" + URLEncoder.encode(next, StandardCharsets.UTF_8));
        page.getByLabel("Token").fill(Platform.OPERATOR);
        page.keyboard().press("Enter");
        assertThat(page).hasURL(Platform.origin() + "/console");
      }
    }
  }

  private Page signIn() {
    Page page = context.newPage();
    page.navigate("/console/sign-in");
    page.getByLabel("Token").fill(Platform.OPERATOR);
    page.keyboard().press("Enter");
    assertThat(page).hasURL(Platform.origin() + "/console");
    return page;
  }

  private Cookie session() {
    return context.cookies().stream()
        .filter(cookie -> cookie.name.equals(COOKIE))
        .findFirst()
        .orElseThrow();
  }
}
