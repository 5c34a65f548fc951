package dev.gatehouse.deploy.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OneTenantTest {
  private BrowserContext context;
  private String slug;

  @BeforeEach
  void open() {
    context = Browsers.context(390, ColorScheme.DARK);
    slug = Platform.tenant("One of many");
  }

  @AfterEach
  void close() {
    if (context != null) {
      context.close();
    }
  }

  @Test
  void showsTheSecretOfAKeyOnce() {
    Page page = page(Platform.OPERATOR, "/keys");
    assertThat(page.locator("main")).containsText("No key yet");
    button(page, "New key").click();
    page.getByLabel("Who calls with it").fill("a-program");
    page.getByLabel("Roles").fill("member, reader");
    button(page, "Make key").click();
    assertThat(page.locator("#the-secret")).hasText(Pattern.compile("gh_[0-9a-f]{16}_.{43}"));
    page.getByText("I have copied it").click();
    assertThat(page.locator("tbody tr")).hasCount(1);
    assertThat(page.locator("tbody")).containsText("reader");
    assertThat(page.locator("#the-secret")).hasCount(0);
    button(page, "Revoke…").click();
    button(page, "Revoke key").click();
    assertThat(page.locator("main")).containsText("No key yet");
  }

  @Test
  void showsWhatToSetForANewDomain() {
    String host = slug + ".example.com";
    Page page = page(Platform.OPERATOR, "/domains");
    button(page, "Add domain").first().click();
    page.getByLabel("Host").fill(host);
    page.locator("#add button.primary").click();
    assertThat(page).hasURL(Platform.origin() + "/console/tenants/" + slug + "/domains/" + host);
    assertThat(page.locator("table")).containsText("_gatehouse-challenge." + host);
    page.navigate("/console/tenants/" + slug + "/domains");
    button(page, "Remove…").click();
    page.locator("#remove-typed").fill(host);
    button(page, "Remove domain").click();
    assertThat(page.locator("main")).containsText("No domain of its own yet");
  }

  @Test
  void isCutToTheirTenantsForThoseWhoAdministerThem() {
    Page page = page(Platform.member("admin", slug), "");
    button(page, "Menu").click();
    Locator nav = page.locator("nav#nav");
    assertThat(nav).containsText("Tenants");
    assertThat(nav).not().containsText("Services");
    assertThat(nav).not().containsText("Audit");
    assertThat(button(page, "Suspend…")).hasCount(0);
    assertThat(button(page, "Delete…")).hasCount(0);
    page.navigate("/console/tenants");
    assertThat(page.locator("tbody tr")).hasCount(1);
    page.navigate("/console/tenants/" + slug + "/members");
    button(page, "Invite").first().click();
    page.getByLabel("Email address").fill("grace@example.com");
    page.locator("#invite-form button.primary").click();
    assertThat(page.locator("#the-secret")).hasText(Pattern.compile("ghi_.+"));
    assertThat(Axe.violations(page)).isEmpty();
  }

  @Test
  void looksToOthersAsIfItDidNotExist() {
    Page page = page(Platform.member("admin", Platform.tenant("Another")), "");
    String theirs = page.locator("main").innerText();
    int status = page.reload().status();
    int unknown = page.navigate("/console/tenants/no-such-tenant").status();
    assertThat(status).isEqualTo(404).isEqualTo(unknown);
    assertThat(withoutNames(theirs)).isEqualTo(withoutNames(page.locator("main").innerText()));
  }

  @Test
  void tellsTheAuditTrailWhoItWas() {
    Page page = page(Platform.OPERATOR, "/limits");
    button(page, "Limits…").click();
    page.getByLabel("Requests per second").fill("70");
    button(page, "Change limits").click();
    assertThat(page.getByRole(AriaRole.STATUS)).containsText("The limits are changed.");
    JsonArray entries = Platform.API.get("/v1/tenants/" + slug + "/audit").getJsonArray("items");
    JsonObject newest = entries.getJsonObject(0).getJsonObject("entry");
    assertThat(newest.getString("action")).isEqualTo("patchTenantLimits");
    assertThat(newest.getJsonObject("actor").getString("name")).isEqualTo("first operator");
    assertThat(newest.getJsonObject("client").getString("userAgent")).contains("Chrome");
  }

  private Page page(String token, String tab) {
    Page page = Browsers.signedIn(context, token);
    page.navigate("/console/tenants/" + slug + tab);
    return page;
  }

  private String withoutNames(String text) {
    return text.replace(slug, "").replace("no-such-tenant", "").replaceAll("Request.*", "");
  }

  private static Locator button(Page page, String name) {
    return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name));
  }
}
