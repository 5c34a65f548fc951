package dev.gatehouse.gateway.login;

import dev.gatehouse.gateway.admit.GatewayCookies;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.resolve.Resolved;
import java.time.InstantSource;
import java.util.Optional;

/** Logins that have begun, which the browsers keep. */
final class Attempts {
  private final InstantSource clock;

  Attempts(InstantSource clock) {
    this.clock = clock;
  }

  /** A reply that has the browser keep a login. */
  Reply keep(Resolved request, LoginAttempt attempt, Reply reply) {
    String cookie = LoginAttempt.cookieFor(attempt.state());
    String sealed =
        LoginKeys.seal(
                request.directory().signingKeyRing(),
                clock.instant(),
                request.tenant().edge().id(),
                request.request().host(),
                cookie,
                attempt.encode())
            .orElseThrow(() -> Rejection.NoSigningKey.INSTANCE);
    return reply.with(GatewayCookies.set(cookie, sealed, Optional.of(LoginAttempt.LIFE)));
  }

  /**
   * The login that this browser began.
   *
   * @throws Rejection.LoginFailed if it did not, or too long ago: the answer may be somebody else's
   */
  LoginAttempt find(Resolved request, String state) {
    String cookie = LoginAttempt.cookieFor(state);
    return GatewayCookies.find(request.request().head().allHeaders(), cookie)
        .flatMap(value ->
            LoginKeys.open(
                request.directory().signingKeyRing(),
                request.tenant().edge().id(),
                request.request().host(),
                cookie,
                value))
        .flatMap(LoginAttempt::decode)
        .filter(attempt -> attempt.isOfState(state))
        .filter(attempt -> clock.instant().isBefore(attempt.endsAt()))
        .orElseThrow(() ->
            new Rejection.LoginFailed(
                400,
                "This login was not begun in this browser, or longer than "
                    + LoginAttempt.LIFE.toMinutes()
                    + " minutes ago, or has ended already. Go to the application and begin"
                    + " again."));
  }
}
