package dev.gatehouse.deploy.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.SameSiteAttribute;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** One browser for all tests of the JVM; each test has a context of its own. */
final class Browsers {
  private static final Path CHROMIUM =
      Path.of(System.getProperty("gatehouse.chromium", "/usr/bin/chromium"));

  /** Started when it is first asked for. */
  private static final class Shared {
    static final Playwright PLAYWRIGHT =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));

    static final Browser BROWSER =
        PLAYWRIGHT
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(CHROMIUM)
                    .setArgs(List.of("--no-sandbox", "--disable-dev-shm-usage")));

    static {
      Runtime.getRuntime().addShutdownHook(new Thread(PLAYWRIGHT::close));
    }
  }

  private Browsers() {}

  /** A test without a browser is skipped, unless programs are required. */
  static void require() {
    boolean there = Files.isExecutable(CHROMIUM);
    if ("1".equals(System.getenv("GATEHOUSE_REQUIRE_PROGRAMS"))) {
      assertThat(there).as(CHROMIUM + " is there").isTrue();
    }
    Assumptions.assumeTrue(there, CHROMIUM + " is not there");
  }

  static BrowserContext context(int width, ColorScheme scheme) {
    require();
    BrowserContext context =
        Shared.BROWSER.newContext(
            new Browser.NewContextOptions()
                .setBaseURL(Platform.origin())
                .setViewportSize(width, width < 500 ? 844 : 800)
                .setColorScheme(scheme)
                .setDeviceScaleFactor(width < 500 ? 2 : 1));
    context.setDefaultTimeout(10_000);
    return context;
  }

  /** A page of somebody who has signed in, at the first page. */
  static Page signedIn(BrowserContext context, String token) {
    HttpResponse<String> answer =
        new Rest(Platform.origin(), "")
            .send(
                "POST",
                "/console/sign-in",
                "token=" + token,
                "Content-Type",
                "application/x-www-form-urlencoded",
                "Sec-Fetch-Site",
                "same-origin");
    String[] cookie =
        answer.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0].split("=", 2);
    context.addCookies(
        List.of(
            new Cookie(cookie[0], cookie[1])
                .setDomain("127.0.0.1")
                .setPath("/console")
                .setHttpOnly(true)
                .setSameSite(SameSiteAttribute.STRICT)));
    Page page = context.newPage();
    page.navigate("/console");
    return page;
  }
}
