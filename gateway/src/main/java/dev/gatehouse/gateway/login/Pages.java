package dev.gatehouse.gateway.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import dev.gatehouse.contract.edge.OidcLogin;
import dev.gatehouse.gateway.directory.Tenant;
import java.net.URLEncoder;
import java.util.List;

/** The pages that users see. Plain HTML, which works without scripts. */
final class Pages {
  private Pages() {}

  /** With which provider to log in. */
  static String choice(
      Tenant tenant, List<EdgeIdentityProvider> providers, boolean account, String returnTo) {
    StringBuilder links = new StringBuilder("<ul>\n");
    for (EdgeIdentityProvider provider : providers) {
      links.append(
          choice(provider.id().toString(), "Continue with " + labelOf(provider), returnTo));
    }
    if (account) {
      links.append(choice(AccountHost.PROVIDER, "Continue with your account", returnTo));
    }
    return page("Log in to " + nameOf(tenant), links.append("</ul>").toString());
  }

  private static String choice(String provider, String text, String returnTo) {
    return link(
        LoginPaths.LOGIN
            + "?provider="
            + provider
            + "&return="
            + URLEncoder.encode(returnTo, UTF_8),
        escape(text));
  }

  private static String link(String to, String html) {
    return "<li><a class=\"button\" href=\"" + escape(to) + "\">" + html + "</a></li>\n";
  }

  /**
   * A tenant that a user may enter.
   *
   * @param url what lets the user in
   */
  record Entry(String slug, String name, String role, String url) {}

  /** Which tenants a user may enter. */
  static String tenants(String user, List<Entry> entries) {
    StringBuilder links = new StringBuilder("<p>Logged in as %s</p>\n".formatted(escape(user)));
    if (entries.isEmpty()) {
      links.append("<p>This account is no member anywhere yet.</p>\n");
    }
    links.append("<ul>\n");
    entries.forEach(entry ->
        links.append(
            link(
                entry.url(),
                escape(entry.name()) + " <small>" + escape(entry.role()) + "</small>")));
    return page(
        "Where to?",
        links
            .append("</ul>\n<p><a href=\"")
            .append(LoginPaths.LOGOUT)
            .append("\">Log out</a></p>")
            .toString());
  }

  /** Whether to log out. */
  static String logout(Tenant tenant) {
    return page(
        "Log out of " + nameOf(tenant),
        """
        <form method="post" action="%s"><button class="button">Log out</button></form>
        <p><a href="/">Stay logged in</a></p>\
        """
            .formatted(LoginPaths.LOGOUT));
  }

  /** That it is done. */
  static String loggedOut(Tenant tenant) {
    return page(
        "You are logged out of " + nameOf(tenant),
        "<p><a class=\"button\" href=\"%s\">Log in again</a></p>".formatted(LoginPaths.LOGIN));
  }

  /** What the user knows the provider as. */
  static String labelOf(EdgeIdentityProvider provider) {
    return provider.login().flatMap(OidcLogin::label).orElse(provider.name());
  }

  private static String nameOf(Tenant tenant) {
    return tenant.edge().name().orElse(tenant.slug());
  }

  private static String page(String title, String body) {
    return """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>%1$s</title>
    <style>
    body { font: 1rem/1.5 system-ui, sans-serif; max-width: 24rem; margin: 18vh auto 0; padding: 0 1rem;
           color: #1f2933; background: #fff }
    h1 { font-size: 1.5rem }
    ul { list-style: none; padding: 0 }
    .button { display: block; box-sizing: border-box; width: 100%%; padding: .75rem 1rem; margin: .5rem 0;
              font: inherit; text-align: center; text-decoration: none; color: #fff; background: #1d4ed8;
              border: 0; border-radius: .5rem; cursor: pointer }
    .button:hover, .button:focus { background: #1e3a8a }
    @media (prefers-color-scheme: dark) { body { color: #e4e7eb; background: #1f2933 } a { color: #93c5fd }
      .button { color: #fff } }
    </style>
    </head>
    <body>
    <main>
    <h1>%1$s</h1>
    %2$s
    </main>
    </body>
    </html>
    """
        .formatted(escape(title), body);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
