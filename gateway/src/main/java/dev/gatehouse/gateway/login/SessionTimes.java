package dev.gatehouse.gateway.login;

import dev.gatehouse.contract.edge.OidcLogin;
import dev.gatehouse.gateway.authenticate.jwt.IdToken;
import dev.gatehouse.gateway.session.Session;
import dev.gatehouse.gateway.session.Session.Origin;
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
        new Origin.Provider(
            said.provider().id(),
            said.provider().issuer(),
            said.sub(),
            said.sid(),
            given.refreshToken(),
            shortIdToken(given)),
        said.holder(),
        said.issuedAt(),
        now,
        now.plus(life),
        refreshAt(given, now));
  }

  /**
   * The provider has vouched again.
   *
   * @param said the new ID token; empty if it gave none, which then says nothing new
   */
  static Session again(
      Session before,
      Origin.Provider by,
      Optional<IdToken> said,
      TokenEndpoint.Tokens given,
      Instant now) {
    return new Session(
        new Origin.Provider(
            by.id(),
            by.issuer(),
            by.sub(),
            by.sid(),
            given.refreshToken().or(by::refreshToken),
            shortIdToken(given).or(by::idToken)),
        said.map(IdToken::holder).orElse(before.holder()),
        said.map(IdToken::issuedAt).orElse(before.vouchedAt()),
        before.startedAt(),
        before.endsAt(),
        refreshAt(given, now));
  }

  private static Optional<String> shortIdToken(TokenEndpoint.Tokens given) {
    return given.idToken().filter(token -> token.length() <= MAX_ID_TOKEN);
  }

  /** When the access token ends, which nobody uses: that is how often the provider wants it. */
  private static Instant refreshAt(TokenEndpoint.Tokens given, Instant now) {
    Duration wanted = given.expiresIn().orElse(USUAL);
    Duration bounded =
        wanted.compareTo(LEAST) < 0 ? LEAST : wanted.compareTo(MOST) > 0 ? MOST : wanted;
    return now.plus(bounded);
  }
}
