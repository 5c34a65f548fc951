package dev.gatehouse.controlplane.console;

import dev.gatehouse.controlplane.api.ApiCall;
import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Outcome;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What forms ask for: one operation each. */
final class Deeds {
  static final String WAIT = "wait=5";

  private final SessionService sessions;
  private final Browser browser;

  Deeds(SessionService sessions, Browser browser) {
    this.sessions = sessions;
    this.browser = browser;
  }

  void perform(Visit visit, Form form) {
    Action action =
        Action.of(visit.path("operation"))
            .orElseThrow(
                () -> new ProblemException(Problem.NOT_FOUND, "the console has no such action"));
    ApiCall call = form.toCall(action.operationId(), action.patch(), headersOf(form));
    action
        .typed()
        .ifPresent(parameter -> requireTyped(form, call.path().getOrDefault(parameter, "")));
    Outcome outcome = visit.call(call);
    Optional<JsonObject> secret = outcome.answer().body().filter(Deeds::revealsSomething);
    String next = next(form, outcome);
    if (secret.isPresent()) {
      View view =
          View.of(
                  Browser.isFragment(visit.context()) ? "secret-fragment" : "secret",
                  "Copy it now",
                  "")
              .with("secret", Visit.plain(secret.get()))
              .with("next", next)
              .with("done", notice(action, outcome));
      browser.send(visit, 200, view);
    } else {
      sessions.putNotice(visit.session(), Optional.of(notice(action, outcome)));
      Browser.goTo(visit.context(), next);
    }
  }

  /** The place that the form names, in which {@code ~id} stands for what has come about. */
  private static String next(Form form, Outcome outcome) {
    Optional<String> id =
        outcome.answer().location().map(place -> place.substring(place.lastIndexOf('/') + 1));
    return Place.of(form.field("next").map(place -> place.replace("~id", id.orElse(""))));
  }

  static Map<String, String> headersOf(Form form) {
    Map<String, String> headers = new HashMap<>();
    headers.put("Prefer", WAIT);
    form.field("once").ifPresent(key -> headers.put("Idempotency-Key", key));
    form.field("etag").ifPresent(version -> headers.put("If-Match", "\"" + version + "\""));
    return headers;
  }

  static void requireTyped(Form form, String expected) {
    String typed = form.field("typed").orElse("");
    if (!typed.equals(expected)) {
      throw new ProblemException(
          Problem.INVALID_BODY,
          List.of(
              Fault.at(
                  "typed", "must be \"" + expected + "\" to confirm, found \"" + typed + "\"")));
    }
  }

  private static boolean revealsSomething(JsonObject body) {
    return body.containsKey("secret") || body.getValue("token") instanceof String;
  }

  private static String notice(Action action, Outcome outcome) {
    if (outcome.waited().isEmpty()) {
      return action.done();
    }
    return outcome.lagging().isEmpty()
        ? action.done() + " Every live gateway has it."
        : action.done() + " Not yet applied by: " + String.join(", ", outcome.lagging());
  }
}
