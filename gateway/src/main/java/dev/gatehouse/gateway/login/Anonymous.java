package dev.gatehouse.gateway.login;

import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.resolve.Resolved;
import dev.gatehouse.gateway.session.Sessions;

/** Callers who prove nothing where something must be proved. */
public final class Anonymous {
  private static final int FOUND = 302;

  private Anonymous() {}

  /** Why a request is refused: a user who looks at a page is sent to log in where that can be. */
  public static Rejection refusal(Resolved request) {
    return Sessions.allowedAt(request.tenant()) && LoginPaths.isNavigation(request.request().head())
        ? Rejection.Redirected.toLogin(FOUND, LoginPaths.loginFor(request.request().target()))
        : Rejection.Unauthenticated.without(request.tenant().edge().authentication());
  }
}
