package dev.gatehouse.deploy.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What others try at the console. */
@Timeout(60)
class AttackTest {
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final Rest REST = new Rest(Platform.origin(), "");

  /** In a text, an attribute, a script, an address. */
  private static final String EVIL =
      "</td></script><script>pwned=1</script><img id=pwned src=x onerror=pwned=1>\"'`{{7*7}}${7*7}";

  @Test
  void aFormOfAnotherSiteIsRefused() {
    Signed signed = Signed.in(Platform.OPERATOR);
    String slug = Platform.tenant("A target");
    String form = signed.form() + "&path.tenant=" + slug + "&typed=" + slug;
    for (List<String> origin :
        List.of(
            List.of("Sec-Fetch-Site", "cross-site"),
            List.of("Sec-Fetch-Site", "same-site"),
            List.of("Sec-Fetch-Site", "none"),
            List.of("Origin", "https://evil.example"),
            List.of("Origin", "null"),
            List.<String>of())) {
      assertThat(signed.post("/console/do/suspendTenant", form, origin).statusCode())
          .as(origin.toString())
          .isEqualTo(403);
    }
    assertThat(status(slug)).isEqualTo("active");
    assertThat(
            signed
                .post("/console/do/suspendTenant", form, List.of("Origin", Platform.origin()))
                .statusCode())
        .isEqualTo(303);
    assertThat(status(slug)).isEqualTo("suspended");
  }

  @Test
  void aFormOfAnotherSessionIsRefused() {
    Signed mine = Signed.in(Platform.OPERATOR);
    Signed theirs = Signed.in(Platform.OPERATOR);
    String slug = Platform.tenant("A target");
    String rest = "&path.tenant=" + slug + "&typed=" + slug;
    List<String> own = List.of("Sec-Fetch-Site", "same-origin");
    assertThat(mine.post("/console/do/suspendTenant", theirs.form() + rest, own).statusCode())
        .isEqualTo(403);
    assertThat(mine.post("/console/do/suspendTenant", "csrf=" + rest, own).statusCode())
        .isEqualTo(403);
    assertThat(status(slug)).isEqualTo("active");
  }

  @Test
  void signingInFromAnotherSiteIsRefused() {
    HttpResponse<String> answer =
        REST.send(
            "POST",
            "/console/sign-in",
            "token=" + Platform.OPERATOR,
            "Content-Type",
            FORM,
            "Sec-Fetch-Site",
            "cross-site");
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
  }

  @Test
  void theCookieIsOfThisHostAloneOverTlsAndCountsOnlyThere() {
    List<String> overTls = List.of("X-Forwarded-Proto", "https");
    HttpResponse<String> secure = signIn(overTls);
    HttpResponse<String> plain = signIn(List.of());

    assertThat(cookieOf(secure))
        .startsWith("__Host-gatehouse-console=")
        .contains("; Path=/;", "; Secure", "; HTTPOnly", "; SameSite=Strict")
        .doesNotContain("Domain=");
    assertThat(cookieOf(plain))
        .startsWith("gatehouse-console=")
        .contains("; Path=/console;", "; HTTPOnly", "; SameSite=Strict")
        .doesNotContain("Secure", "Domain=");
    String overTlsOnly = cookieOf(secure).split(";", 2)[0];
    String plainOnly = cookieOf(plain).split(";", 2)[0];
    assertThat(sessions(overTlsOnly, overTls)).isEqualTo(200);
    assertThat(sessions(plainOnly, List.of())).isEqualTo(200);
    assertThat(sessions(overTlsOnly, List.of())).as("shown in the clear").isEqualTo(303);
    assertThat(sessions(plainOnly, overTls)).as("that another host could set").isEqualTo(303);
    String renamed = plainOnly.replace("gatehouse-console=", "__Host-gatehouse-console=");
    assertThat(sessions(renamed + "x", overTls)).as("guessed").isEqualTo(303);
  }

  private static HttpResponse<String> signIn(List<String> more) {
    List<String> headers =
        new ArrayList<>(List.of("Content-Type", FORM, "Sec-Fetch-Site", "same-origin"));
    headers.addAll(more);
    return REST.send(
        "POST", "/console/sign-in", "token=" + Platform.OPERATOR, headers.toArray(String[]::new));
  }

  private static String cookieOf(HttpResponse<String> answer) {
    return answer.headers().firstValue("Set-Cookie").orElseThrow();
  }

  private static int sessions(String cookie, List<String> more) {
    List<String> headers = new ArrayList<>(List.of("Cookie", cookie));
    headers.addAll(more);
    return REST.send("GET", "/console/sessions", "", headers.toArray(String[]::new)).statusCode();
  }

  @Test
  void signingInAgainEndsTheSessionOfTheTokenBefore() {
    String slug = Platform.tenant("Of one who changes tokens");
    Signed before = Signed.in(Platform.member("admin", slug));
    List<String> headers =
        List.of("Content-Type", FORM, "Sec-Fetch-Site", "same-origin", "Cookie", before.cookie());
    HttpResponse<String> again =
        REST.send(
            "POST",
            "/console/sign-in",
            "token=" + Platform.member("member", slug),
            headers.toArray(String[]::new));

    assertThat(cookieOf(again)).doesNotContain(before.cookie());
    assertThat(before.get("/console/sessions").statusCode()).isEqualTo(303);
  }

  @Test
  void signingOutEverywhereEndsAllSessionsOfTheTokenAndNoOthers() {
    String slug = Platform.tenant("Of one with many browsers");
    String token = Platform.member("admin", slug);
    Signed here = Signed.in(token);
    Signed there = Signed.in(token);
    Signed others = Signed.in(Platform.member("admin", slug));
    List<String> own = List.of("Sec-Fetch-Site", "same-origin");

    HttpResponse<String> answer =
        here.post("/console/sign-out", here.form() + "&everywhere=1", own);

    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(here.get("/console/sessions").statusCode()).isEqualTo(303);
    assertThat(there.get("/console/sessions").statusCode()).isEqualTo(303);
    assertThat(others.get("/console/sessions").statusCode()).isEqualTo(200);
  }

  @Test
  void nothingIsConfirmedByTheBrowserAlone() {
    Signed signed = Signed.in(Platform.OPERATOR);
    String slug = Platform.tenant("A target");
    List<String> own = List.of("Sec-Fetch-Site", "same-origin");
    String form = signed.form() + "&path.tenant=" + slug;
    assertThat(signed.post("/console/do/deleteTenant", form, own).statusCode()).isEqualTo(400);
    assertThat(signed.post("/console/do/deleteTenant", form + "&typed=other", own).statusCode())
        .isEqualTo(400);
    assertThat(status(slug)).isEqualTo("active");
  }

  @Test
  void onlyWhatFormsAskForIsPerformed() {
    Signed signed = Signed.in(Platform.OPERATOR);
    List<String> own = List.of("Sec-Fetch-Site", "same-origin");
    for (String operation : List.of("createToken", "rotateSigningKey", "getMe", "nothing")) {
      assertThat(signed.post("/console/do/" + operation, signed.form(), own).statusCode())
          .as(operation)
          .isEqualTo(404);
    }
  }

  @Test
  void theRightsOfAMemberAreThoseOfTheApi() {
    String slug = Platform.tenant("Of a member");
    Signed signed = Signed.in(Platform.member("member", slug));
    List<String> own = List.of("Sec-Fetch-Site", "same-origin");
    String form = signed.form() + "&path.tenant=" + slug + "&typed=" + slug;
    assertThat(signed.post("/console/do/suspendTenant", form, own).statusCode()).isEqualTo(403);
    assertThat(signed.post("/console/do/createApiKey", form + "&%2Fsubject=x", own).statusCode())
        .isEqualTo(403);
    String other = Platform.tenant("Of others");
    assertThat(
            signed
                .post(
                    "/console/do/suspendTenant",
                    signed.form() + "&path.tenant=" + other + "&typed=" + other,
                    own)
                .statusCode())
        .isEqualTo(404);
    assertThat(signed.get("/console/services").statusCode()).isEqualTo(403);
    assertThat(signed.get("/console/audit").statusCode()).isEqualTo(403);
  }

  @Test
  void everyPageForbidsFramesScriptsOfOthersAndCopies() {
    Signed signed = Signed.in(Platform.OPERATOR);
    for (String path : ConsolePages.ALL) {
      HttpResponse<String> page = signed.get("/console" + path);
      String policy = page.headers().firstValue("Content-Security-Policy").orElse("");
      assertThat(policy)
          .as(path)
          .contains("default-src 'none'", "script-src 'self';", "style-src 'self';")
          .contains("frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'")
          .doesNotContain("unsafe");
      assertThat(page.headers().firstValue("Cache-Control")).hasValue("no-store");
      assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
      assertThat(page.headers().firstValue("X-Frame-Options")).hasValue("DENY");
      assertThat(page.headers().firstValue("Referrer-Policy")).hasValue("same-origin");
      assertThat(page.body()).doesNotContain("<script>", " style=", " onclick=", "javascript:");
    }
  }

  @Test
  void whatSomebodyHasWrittenIsTextOnEveryPage() {
    Browsers.require();
    String slug = evilEverywhere();
    List<String> alarms = new ArrayList<>();
    try (BrowserContext context = Browsers.context(1280, ColorScheme.LIGHT)) {
      Page page = Browsers.signedIn(context, Platform.OPERATOR);
      page.onDialog(dialog -> alarms.add(page.url()));
      List<String> paths = new ArrayList<>(ConsolePages.ALL);
      paths.replaceAll(path -> path.replace("/tenants/acme", "/tenants/" + slug));
      paths.remove("/tenants/" + slug + "/domains/www.acme.example");
      paths.addAll(
          List.of(
              "/plans/evil",
              "/blueprints/evil",
              "/tenants?q=" + URLEncoder.encode(EVIL.substring(0, 80), StandardCharsets.UTF_8),
              "/audit?action=" + URLEncoder.encode(EVIL, StandardCharsets.UTF_8),
              "/tenants/" + URLEncoder.encode("<img id=pwned>", StandardCharsets.UTF_8)));
      for (String path : paths) {
        page.navigate("/console" + path);
        if (!page.evaluate("() => typeof pwned").equals("undefined")
            || page.locator("#pwned").count() > 0) {
          alarms.add(path);
        }
      }
      page.navigate("/console/tenants/" + slug);
      assertThat(page.locator("h1").innerText()).isEqualTo(EVIL);
    }
    assertThat(alarms).isEmpty();
  }

  /** Puts it into whatever takes any text. */
  private static String evilEverywhere() {
    String slug = Platform.tenant(EVIL);
    Rest api = Platform.API;
    String tenant = "/v1/tenants/" + slug;
    JsonObject _ =
        api.put(
            tenant + "/schedule/suspend",
            JsonObject.of("at", "2099-01-01T00:00:00Z", "reason", EVIL));
    JsonObject _ = api.post(tenant + "/suspend", JsonObject.of("reason", EVIL));
    JsonObject _ = api.post(tenant + "/resume", JsonObject.of("reason", EVIL));
    JsonObject _ =
        api.post(
            tenant + "/api-keys",
            JsonObject.of(
                "subject",
                "<img/src=x/onerror=pwned=1>",
                "scopes",
                JsonArray.of("<img/id=pwned>")));
    JsonObject _ =
        api.post(
            tenant + "/invitations",
            JsonObject.of("email", "<img/id=pwned>@example.com", "role", "member"));
    JsonObject user =
        api.post(
            "/v1/users",
            JsonObject.of(
                "issuer",
                "https://id.example.com",
                "subject",
                slug,
                "email",
                "\"<img/id=pwned>\"@example.com",
                "displayName",
                EVIL));
    JsonObject _ =
        api.post(
            "/v1/users/" + user.getString("id") + "/memberships",
            JsonObject.of("tenant", slug, "role", "owner"));
    JsonObject _ =
        api.post("/v1/plans", JsonObject.of("name", "evil", "title", EVIL, "description", EVIL));
    JsonObject _ = api.post("/v1/blueprints", JsonObject.of("name", "evil", "description", EVIL));
    JsonObject _ = api.put("/v1/blueprints/evil/versions/1", JsonObject.of("up", EVIL));
    HttpResponse<String> _ =
        REST.send(
            "POST",
            "/console/sign-in",
            "token=" + Platform.OPERATOR,
            "Content-Type",
            FORM,
            "User-Agent",
            "<img id=pwned src=x onerror=pwned=1>",
            "Sec-Fetch-Site",
            "same-origin");
    return slug;
  }

  private static String status(String slug) {
    return Platform.API.get("/v1/tenants/" + slug).getString("status");
  }

  /** Somebody who is signed in without a browser. */
  private record Signed(String cookie, String formToken) {
    private static final Pattern FORM_TOKEN = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");

    static Signed in(String token) {
      HttpResponse<String> answer =
          REST.send(
              "POST",
              "/console/sign-in",
              "token=" + token,
              "Content-Type",
              FORM,
              "Sec-Fetch-Site",
              "same-origin");
      String cookie = answer.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
      Signed signed = new Signed(cookie, "");
      Matcher found = FORM_TOKEN.matcher(signed.get("/console/sessions").body());
      assertThat(found.find()).isTrue();
      return new Signed(cookie, found.group(1));
    }

    String form() {
      return "csrf=" + formToken;
    }

    HttpResponse<String> get(String path) {
      return REST.send("GET", path, "", "Cookie", cookie);
    }

    HttpResponse<String> post(String path, String form, List<String> origin) {
      List<String> headers = new ArrayList<>(List.of("Content-Type", FORM, "Cookie", cookie));
      headers.addAll(origin);
      return REST.send("POST", path, form, headers.toArray(String[]::new));
    }
  }
}
