package dev.gatehouse.controlplane.console;

import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.api.RequestOrigin;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Sends pages to browsers, with what keeps other pages away from them. */
final class Browser {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
          + " connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

  private static final String THEME_COOKIE = "gatehouse-theme";
  private static final Set<String> THEMES = Set.of("light", "dark");

  private final Views views;
  private final Map<String, String> assets;

  Browser(Views views, Assets assets) {
    this.views = views;
    this.assets = assets.addresses();
  }

  /** Whether a script of the page asks, and puts the answer into the page. */
  static boolean isFragment(RoutingContext context) {
    return context.request().getHeader("HX-Request") != null;
  }

  /** Sends somebody who is not signed in, or not any more, a page. */
  void send(RoutingContext context, int status, View view) {
    Map<String, Object> model = new HashMap<>(view.model());
    model.put("title", view.title());
    model.put("section", view.section());
    model.put("asset", assets);
    Optional.ofNullable(context.request().getCookie(THEME_COOKIE))
        .map(Cookie::getValue)
        .filter(THEMES::contains)
        .ifPresent(theme -> model.put("theme", theme));
    String page = views.render(view.template(), model);
    headers(context).setStatusCode(status).end(page);
  }

  /** Sends a page with all that the session's pages have. */
  void send(Visit visit, int status, View view) {
    RoutingContext context = visit.context();
    View whole =
        view.with("me", visit.me())
            .with("may", view.model().getOrDefault("may", visit.rights()))
            .with("rights", visit.rights())
            .with("csrf", visit.session().secret().formToken())
            .with("here", hereIn(context))
            .with("query", queryOf(context))
            .with("notice", isFragment(context) ? Optional.empty() : visit.session().notice());
    send(context, status, whole);
  }

  /** The parameters of the page's address: where in its lists it is. */
  private static Map<String, String> queryOf(RoutingContext context) {
    Map<String, String> query = new HashMap<>();
    context.queryParams().forEach(parameter -> query.put(parameter.getKey(), parameter.getValue()));
    return query;
  }

  /** The address of the page, also where it keeps itself new. */
  private static String hereIn(RoutingContext context) {
    return Place.of(Optional.of(context.request().uri().replaceFirst("[?&]live=1$", "")));
  }

  /** The page of a problem, or its fragment. */
  void sendProblem(RoutingContext context, Optional<Visit> visit, ProblemException problem) {
    JsonObject document = problem.toJson();
    View view =
        View.of(
                isFragment(context) ? "problem-fragment" : "problem",
                document.getString("title"),
                "")
            .with("problem", Visit.plain(document))
            .with("requestId", RequestOrigin.of(context).requestId());
    int status = problem.problem().status();
    context.response().headers().remove("Content-Disposition");
    Optional.ofNullable(problem.headers().get("Retry-After"))
        .ifPresent(after -> context.response().putHeader("Retry-After", after));
    visit.ifPresentOrElse(known -> send(known, status, view), () -> send(context, status, view));
  }

  /** Sends the browser to another page of the console. */
  static void goTo(RoutingContext context, String place) {
    HttpServerResponse response = headers(context);
    if (isFragment(context)) {
      response.putHeader("HX-Redirect", place).end();
    } else {
      response.setStatusCode(303).putHeader("Location", place).end();
    }
  }

  /**
   * Says of an answer that it is a file, which no browser shows.
   *
   * @param name made of letters, digits, dots and hyphens
   */
  static void isFile(RoutingContext context, String name) {
    HttpServerResponse _ =
        headers(context).putHeader("Content-Disposition", "attachment; filename=\"" + name + "\"");
  }

  private static HttpServerResponse headers(RoutingContext context) {
    return context
        .response()
        .putHeader("Content-Type", "text/html; charset=utf-8")
        .putHeader("Cache-Control", "no-store")
        .putHeader("Content-Security-Policy", POLICY)
        .putHeader("Cross-Origin-Opener-Policy", "same-origin")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin")
        .putHeader("Referrer-Policy", "same-origin")
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("X-Frame-Options", "DENY");
  }
}
