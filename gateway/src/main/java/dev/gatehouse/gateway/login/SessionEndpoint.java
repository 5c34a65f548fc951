package dev.gatehouse.gateway.login;

import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.resolve.Resolved;
import dev.gatehouse.gateway.session.Session;
import dev.gatehouse.gateway.session.Sessions;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Tells the application's page who has logged in, for it cannot read the cookie. */
final class SessionEndpoint {
  private final Sessions sessions;

  SessionEndpoint(Sessions sessions) {
    this.sessions = sessions;
  }

  Future<Reply> answer(Resolved request) {
    return sessions
        .find(request)
        .recover(_ -> Future.failedFuture(Rejection.SessionsUnavailable.INSTANCE))
        .map(found ->
            Reply.json(
                200, describe(found.orElseThrow(() -> Rejection.Unauthenticated.NO_SESSION))));
  }

  private static JsonObject describe(Session session) {
    return new JsonObject()
        .put("subject", session.holder().subject())
        .put("roles", new JsonArray(session.holder().roles().stream().sorted().toList()))
        .put("scopes", new JsonArray(session.holder().scopes().stream().sorted().toList()))
        .put("startedAt", session.startedAt().toString())
        .put("endsAt", session.endsAt().toString());
  }
}
