package dev.gatehouse.controlplane.console;

import dev.gatehouse.controlplane.api.AuditTrail;
import dev.gatehouse.controlplane.api.Authenticator;
import dev.gatehouse.controlplane.api.Caller;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.api.RateLimits;
import dev.gatehouse.controlplane.api.RequestOrigin;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** {@code /console/sign-in}: a token is shown once, and a session comes of it. */
public final class SignIn {
  static final String PATH = Place.HOME + "/sign-in";
  private static final int LONGEST_TOKEN = 200;

  private final SessionService sessions;
  private final Authenticator authenticator;
  private final RateLimits limits;
  private final AuditTrail audit;

  /**
   * @param authenticator finds out whose token it is
   * @param limits counts those that open nothing
   * @param audit is told of them
   */
  public SignIn(
      SessionService sessions, Authenticator authenticator, RateLimits limits, AuditTrail audit) {
    this.sessions = sessions;
    this.authenticator = authenticator;
    this.limits = limits;
    this.audit = audit;
  }

  void mount(Router router, Browser browser) {
    router.get(PATH).handler(context -> show(context, browser));
    router.post(PATH).handler(context -> take(context, browser));
  }

  /** Where to sign in, and come back from to the page that was asked for. */
  static String placeFor(RoutingContext context) {
    String wanted =
        context.request().method().equals(HttpMethod.GET) && !Browser.isFragment(context)
            ? Place.of(Optional.of(context.request().uri()))
            : Place.HOME;
    return wanted.equals(Place.HOME)
        ? PATH
        : PATH + "?next=" + URLEncoder.encode(wanted, StandardCharsets.UTF_8);
  }

  private void show(RoutingContext context, Browser browser) {
    String next = Place.of(context.queryParam("next").stream().findFirst());
    boolean signedIn =
        SessionCookie.read(context).flatMap(secret -> sessions.find(secret, true)).isPresent();
    if (signedIn) {
      Browser.goTo(context, next);
    } else {
      browser.send(context, 200, page(next));
    }
  }

  private void take(RoutingContext context, Browser browser) {
    Form form = new Form(context.request().formAttributes());
    String next = Place.of(form.field("next"));
    String token = form.field("token").filter(text -> text.length() <= LONGEST_TOKEN).orElse("");
    String authorization = "Bearer " + token;
    RequestOrigin origin = RequestOrigin.of(context).claiming(authorization);
    try {
      SameOrigin.require(context.request());
      Caller caller = limits.authenticate(context, Optional.of(authorization), authenticator);
      SessionCookie.read(context)
          .flatMap(old -> sessions.find(old, false))
          .ifPresent(old -> sessions.end(old.caller(), origin, old.id()));
      SessionCookie.write(context, sessions.open(caller, origin));
      Browser.goTo(context, next);
    } catch (ProblemException problem) {
      audit.refused("console.signIn", origin, Optional.empty(), problem);
      browser.send(
          context,
          problem.problem().status(),
          page(next).with("problem", Visit.plain(problem.toJson())));
    }
  }

  private static View page(String next) {
    return View.of("sign-in", "Sign in", "").with("next", next);
  }
}
