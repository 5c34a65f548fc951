package dev.gatehouse.gateway.login;

import dev.gatehouse.contract.edge.OidcLogin;
import dev.gatehouse.gateway.authenticate.jwt.IdToken;
import dev.gatehouse.gateway.session.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Makes sessions of what providers say, with the times for which they hold. */
final class SessionTimes {
  /** A longer one would not fit into the address that the browser is sent to at the end. */
  private static final int MAX_ID_TOKEN = 4096;

  private static final Duration USUAL = Duration.ofMinutes(5);
  private static final Duration LEAST = Duration.ofMinutes(1);
  private static final Duration MOST = Duration.ofHours(1);

  private SessionTimes() {}

  /** A user has logged in. */
  static Session begin(IdToken said, TokenEndpoint.Tokens given, Instant now) {
    Duration life =
        said.provider()
            .login()
            .flatMap(OidcLogin::sessionLife)
            .orElse(OidcLogin.DEFAULT_SESSION_LIFE);
    return new Session(
        said.provider().id(),
        said.provider().issuer(),
        said.holder(),
        said.sub(),
        said.sid(),
        said.issuedAt(),
        now,
        now.plus(life),
        refreshAt(given, now),
        given.refreshToken(),
        given.idToken().filter(token -> token.length() <= MAX_ID_TOKEN));
  }

  /**
   * The provider has vouched again.
   *
   * @param said the new ID token; empty if it gave none, which then says nothing new
   */
  static Session again(
      Session before, Optional<IdToken> said, TokenEndpoint.Tokens given, Instant now) {
    return new Session(
        before.provider(),
        before.issuer(),
        said.map(IdToken::holder).orElse(before.holder()),
        before.sub(),
        before.sid(),
        said.map(IdToken::issuedAt).orElse(before.vouchedAt()),
        before.startedAt(),
        before.endsAt(),
        refreshAt(given, now),
        given.refreshToken().or(before::refreshToken),
        given.idToken().filter(token -> token.length() <= MAX_ID_TOKEN).or(before::idToken));
  }

  /** When the access token ends, which nobody uses: that is how often the provider wants it. */
  private static Instant refreshAt(TokenEndpoint.Tokens given, Instant now) {
    Duration wanted = given.expiresIn().orElse(USUAL);
    Duration bounded =
        wanted.compareTo(LEAST) < 0 ? LEAST : wanted.compareTo(MOST) > 0 ? MOST : wanted;
    return now.plus(bounded);
  }
}
