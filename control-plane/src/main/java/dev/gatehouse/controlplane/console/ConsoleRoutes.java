package dev.gatehouse.controlplane.console;

import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.api.RateLimits;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** {@code /console}: what a request passes before its page or its action is at work. */
public final class ConsoleRoutes {
  private final Api api;
  private final RateLimits limits;
  private final SessionService sessions;
  private final SignIn signIn;
  private final Assets assets;
  private final Browser browser;

  /**
   * @param api performs all that is read and done
   * @param limits holds for the console as for the API
   * @param sessions who is signed in
   * @param signIn how to become that
   */
  public ConsoleRoutes(Api api, RateLimits limits, SessionService sessions, SignIn signIn) {
    this.api = api;
    this.limits = limits;
    this.sessions = sessions;
    this.signIn = signIn;
    this.assets = new Assets();
    this.browser = new Browser(new Views(InstantSource.system()), assets);
  }

  /** Adds the routes. They need a session, but for the way to get one. */
  public void mount(Router router) {
    assets.mount(router);
    router
        .route(Place.HOME + "*")
        .handler(context -> refusing(context, () -> limits.take(context)));
    signIn.mount(router, browser);
    post(router, "/sign-out", this::signOut);
    post(router, "/do/:operation", new Deeds(sessions, browser)::perform);
    post(router, "/bulk", new BulkDeeds(browser)::perform);
    post(router, Explaining.PATH, new Explaining(browser)::perform);
    pages(router, "", new PlatformPages().all());
    pages(router, "/tenants", new TenantPages().all());
    pages(router, "", new AnalyticsPages().all());
    new Downloads()
        .all()
        .forEach((path, download) ->
            router.get(Place.HOME + path).handler(context -> visit(context, download)));
    pages(router, "", new CatalogPages().all());
    pages(router, "", new IsolationPages().all());
    router.get(Place.HOME + "/sessions").handler(context -> visit(context, this::showSessions));
    router
        .route(Place.HOME + "/*")
        .handler(context ->
            visit(
                context,
                visit -> {
                  throw new ProblemException(
                      Problem.NOT_FOUND, "the console has no page at this address");
                }));
  }

  private void pages(Router router, String below, Map<String, View.Maker> pages) {
    pages.forEach((path, maker) ->
        router
            .get(Place.HOME + below + path)
            .handler(context -> visit(context, visit -> show(visit, maker))));
  }

  private void show(Visit visit, View.Maker maker) {
    View view = maker.make(visit);
    browser.send(visit, 200, view);
    if (visit.session().notice().isPresent() && !Browser.isFragment(visit.context())) {
      sessions.putNotice(visit.session(), Optional.empty());
    }
  }

  private void post(Router router, String path, BiConsumer<Visit, Form> deed) {
    router
        .post(Place.HOME + path)
        .handler(context ->
            visit(
                context,
                visit -> {
                  SameOrigin.require(context.request());
                  Form form = new Form(context.request().formAttributes());
                  if (!form.field("csrf").filter(visit.session().secret()::hasMade).isPresent()) {
                    throw new ProblemException(
                        Problem.FORBIDDEN,
                        "the form is not of this session: load the page again, then try again");
                  }
                  deed.accept(visit, form);
                }));
  }

  private void signOut(Visit visit, Form form) {
    if (form.field("everywhere").isPresent()) {
      sessions.endAll(visit.session().caller(), visit.origin());
      SessionCookie.clear(visit.context());
      Browser.goTo(visit.context(), SignIn.PATH);
      return;
    }
    UUID own = visit.session().id();
    UUID ended = form.field("session").map(ConsoleRoutes::sessionNamed).orElse(own);
    sessions.end(visit.session().caller(), visit.origin(), ended);
    if (ended.equals(own)) {
      SessionCookie.clear(visit.context());
      Browser.goTo(visit.context(), SignIn.PATH);
    } else {
      Browser.goTo(visit.context(), Place.HOME + "/sessions");
    }
  }

  private static UUID sessionNamed(String id) {
    try {
      return UUID.fromString(id);
    } catch (IllegalArgumentException _) {
      throw new ProblemException(Problem.NOT_FOUND, "there is no session of this id");
    }
  }

  private void showSessions(Visit visit) {
    View view =
        View.of("sessions", "Sessions", "sessions")
            .with(
                "sessions",
                sessions.sessionsBeside(visit.session()).stream()
                    .map(shown ->
                        Map.of(
                            "id", shown.id().toString(),
                            "address", shown.address(),
                            "userAgent", shown.userAgent(),
                            "createdAt", shown.createdAt().toString(),
                            "usedAt", shown.usedAt().toString(),
                            "own", shown.id().equals(visit.session().id())))
                    .toList());
    browser.send(visit, 200, view);
  }

  /** Finds out who is signed in, and lets them go on; all others are sent to sign in. */
  private void visit(RoutingContext context, Consumer<Visit> next) {
    boolean live = !context.queryParam("live").isEmpty();
    Optional<Visit> visit = Optional.empty();
    try {
      Optional<Session> session =
          SessionCookie.read(context).flatMap(secret -> sessions.find(secret, !live));
      if (session.isEmpty()) {
        Browser.goTo(context, SignIn.placeFor(context));
        return;
      }
      Visit begun = new Visit(context, session.get(), api);
      visit = Optional.of(begun);
      next.accept(begun);
    } catch (ProblemException problem) {
      browser.sendProblem(context, visit, problem);
    }
  }

  private void refusing(RoutingContext context, Runnable step) {
    try {
      step.run();
    } catch (ProblemException problem) {
      browser.sendProblem(context, Optional.empty(), problem);
    }
  }
}
