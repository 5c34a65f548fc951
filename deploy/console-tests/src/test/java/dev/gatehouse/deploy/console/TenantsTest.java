package dev.gatehouse.deploy.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TenantsTest {
  private BrowserContext context;
  private Page page;

  @BeforeEach
  void open() {
    context = Browsers.context(1280, ColorScheme.LIGHT);
    page = Browsers.signedIn(context, Platform.OPERATOR);
    page.navigate("/console/tenants");
  }

  @AfterEach
  void close() {
    if (context != null) {
      context.close();
    }
  }

  @Test
  void narrowsTheListWhileSomebodyTypes() {
    page.keyboard().press("/");
    assertThat(page.getByLabel("Search by name or slug")).isFocused();
    page.keyboard().type("GLOB");
    assertThat(page.locator("#list tbody tr")).hasCount(1);
    assertThat(page.locator("#list")).containsText("Globex Corporation");
    assertThat(page.url()).contains("q=GLOB");
    page.keyboard().type("-there-is-none");
    assertThat(page.locator("#list")).containsText("Nothing is found");
  }

  @Test
  void makesATenantByTheKeyboardAlone() {
    String slug = "k-" + UUID.randomUUID().toString().substring(0, 8);
    button("New tenant").focus();
    page.keyboard().press("Enter");
    assertThat(page.getByLabel("Name", new Page.GetByLabelOptions().setExact(true))).isFocused();
    page.keyboard().type("By Keys Ltd");
    page.keyboard().press("Tab");
    page.keyboard().type("No Slug");
    page.keyboard().press("Enter");
    Locator wrong = page.locator("#new-slug");
    assertThat(wrong).hasAttribute("aria-invalid", "true");
    assertThat(wrong).isFocused();
    assertThat(page.locator("#create .problem")).containsText("/slug");
    wrong.fill(slug);
    page.keyboard().press("Enter");
    assertThat(page).hasURL(Pattern.compile(".*/console/tenants/[0-9a-f-]{36}"));
    assertThat(page.getByRole(AriaRole.STATUS)).containsText("The tenant is there.");
    assertThat(Platform.API.get("/v1/tenants/" + slug).getString("name")).isEqualTo("By Keys Ltd");
  }

  @Test
  void suspendsThoseThatAreChosenOnceTheirNumberIsTyped() {
    String one = Platform.tenant("Bulk one");
    String other = Platform.tenant("Bulk two");
    page.navigate("/console/tenants?q=Bulk");
    page.getByLabel("Choose Bulk one").check();
    page.getByLabel("Choose Bulk two").check();
    button("Suspend…").click();
    page.getByLabel("Type the number").fill("3");
    button("Go on").click();
    assertThat(page.locator("main")).containsText("to confirm");
    assertThat(status(one)).isEqualTo("active");
    page.navigate("/console/tenants?q=Bulk");
    page.getByLabel("Choose all of this page").check();
    button("Suspend…").click();
    page.getByLabel("Type the number").fill("2");
    button("Go on").click();
    assertThat(page.locator("h1")).containsText("what was done");
    assertThat(status(one)).isEqualTo("suspended");
    assertThat(status(other)).isEqualTo("suspended");
  }

  @Test
  void suspendsOneOnceItsSlugIsTypedAndEveryGatewayHasIt() {
    String slug = Platform.tenant("To be suspended");
    page.navigate("/console/tenants/" + slug);
    button("Suspend…").click();
    Locator dialog = page.locator("#suspend-dialog");
    assertThat(dialog).containsText("Suspend To be suspended");
    dialog.getByLabel("Reason").fill("Unpaid");
    dialog.getByLabel("Type").fill("something-else");
    dialog
        .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Suspend tenant"))
        .click();
    assertThat(dialog.locator(".problem")).containsText("must be \"" + slug + "\"");
    dialog.getByLabel("Type").fill(slug);
    dialog
        .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Suspend tenant"))
        .click();
    assertThat(page.getByRole(AriaRole.STATUS)).containsText("Every live gateway has it.");
    assertThat(page.locator(".head")).containsText("Suspended");
    assertThat(page.locator("main")).containsText("Unpaid");
    button("Resume").click();
    assertThat(page.locator(".head")).containsText("Active");
    assertThat(status(slug)).isEqualTo("active");
  }

  @Test
  void refusesAChangeOfWhatSomebodyElseHasChanged() {
    String slug = Platform.tenant("Two at once");
    page.navigate("/console/tenants/" + slug);
    button("Edit…").click();
    page.getByLabel("Name", new Page.GetByLabelOptions().setExact(true)).fill("Mine");
    try (BrowserContext other = Browsers.context(1280, ColorScheme.LIGHT)) {
      Page theirs = Browsers.signedIn(other, Platform.OPERATOR);
      theirs.navigate("/console/tenants/" + slug);
      theirs.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Edit…")).click();
      theirs.getByLabel("Name", new Page.GetByLabelOptions().setExact(true)).fill("Theirs");
      theirs.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Save")).click();
      assertThat(theirs.getByRole(AriaRole.STATUS)).containsText("The tenant is changed.");
    }
    button("Save").click();
    assertThat(page.locator("#edit-form .problem")).containsText("If-Match");
    assertThat(Platform.API.get("/v1/tenants/" + slug).getString("name")).isEqualTo("Theirs");
  }

  @Test
  void switchesBetweenLightAndDarkAndKeepsTheChoice() {
    button("Theme").click();
    assertThat(page.locator("html")).hasAttribute("data-theme", "dark");
    page.reload();
    assertThat(page.locator("html")).hasAttribute("data-theme", "dark");
  }

  private Locator button(String name) {
    return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name)).first();
  }

  private static String status(String slug) {
    return Platform.API.get("/v1/tenants/" + slug).getString("status");
  }
}
