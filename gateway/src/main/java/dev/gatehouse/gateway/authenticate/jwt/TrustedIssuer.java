package dev.gatehouse.gateway.authenticate.jwt;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import dev.gatehouse.contract.edge.JwsAlgorithm;
import dev.gatehouse.gateway.authenticate.Credential;
import dev.gatehouse.gateway.authenticate.Principal;
import dev.gatehouse.gateway.authenticate.TokenOrigin;
import dev.gatehouse.gateway.authenticate.certificate.Confirmation;
import dev.gatehouse.gateway.authenticate.claims.ClaimRules;
import dev.gatehouse.gateway.authenticate.claims.MissingClaimException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One issuer as one tenant trusts it. Immutable; any thread. */
final class TrustedIssuer {
  private static final Set<JwsAlgorithm> DEFAULT_ALGORITHMS =
      Set.of(JwsAlgorithm.RS256, JwsAlgorithm.ES256, JwsAlgorithm.EDDSA);
  private static final Duration DEFAULT_SKEW = Duration.ofSeconds(30);

  /**
   * What only ID tokens have (OpenID Connect Core sections 2 and 3.3.2.11), or tokens that tell of
   * events, such as logouts (RFC 8417 section 2.2).
   */
  private static final List<String> OF_ID_TOKENS = List.of("nonce", "at_hash", "c_hash", "events");

  private static final String LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout";

  private final EdgeIdentityProvider provider;
  private final Set<JWSAlgorithm> algorithms;
  private final long skewMillis;
  private final ClaimRules rules;
  private final @Nullable KeySet inlineKeys;

  TrustedIssuer(EdgeIdentityProvider provider) {
    this.provider = provider;
    this.algorithms =
        provider.algorithms().orElse(DEFAULT_ALGORITHMS).stream()
            .map(algorithm -> JWSAlgorithm.parse(algorithm.wireName()))
            .collect(Collectors.toUnmodifiableSet());
    this.skewMillis = provider.clockSkew().orElse(DEFAULT_SKEW).toMillis();
    this.rules = new ClaimRules(provider.claims(), provider.requiredClaims());
    this.inlineKeys = provider.keys().jwks().map(IssuerKeySource::inline).orElse(null);
  }

  EdgeIdentityProvider provider() {
    return provider;
  }

  /** Those that were given in full; null if they are fetched. */
  @Nullable KeySet inlineKeys() {
    return inlineKeys;
  }

  boolean allows(JWSAlgorithm algorithm) {
    return algorithms.contains(algorithm);
  }

  /**
   * Who the holder of a token is, whose signature is right.
   *
   * @throws TokenRefusedException if it is not for this tenant, not for now, or taken back
   */
  Principal principalOf(JWTClaimsSet claims, long nowMillis) throws TokenRefusedException {
    requireTime(claims, nowMillis);
    if (claims.getAudience().stream()
        .noneMatch(audience -> audience != null && provider.audiences().contains(audience))) {
      throw new TokenRefusedException(TokenFault.AUDIENCE);
    }
    if (OF_ID_TOKENS.stream().anyMatch(name -> claims.getClaim(name) != null)) {
      throw new TokenRefusedException(TokenFault.TYPE);
    }
    ClaimRules.Holder holder = holderIn(claims);
    TokenOrigin origin =
        TokenOrigin.of(
            provider,
            holder.subject(),
            textOf(claims.getClaim("sub")),
            Optional.ofNullable(claims.getIssueTime()).map(Date::toInstant));
    if (Revocation.covers(provider, origin)) {
      throw new TokenRefusedException(TokenFault.REVOKED);
    }
    Confirmation confirmation =
        Confirmation.of(claims.getClaim(Confirmation.CLAIM))
            .orElseThrow(() -> new TokenRefusedException(TokenFault.UNSUPPORTED_CONFIRMATION));
    return new Principal(
        holder.subject(),
        holder.roles(),
        holder.scopes(),
        new Credential.Token(origin, confirmation));
  }

  /**
   * Who logged in, by an ID token whose signature is right (OpenID Connect Core section 3.1.3.7).
   *
   * @param nonce what the login was begun with; empty for a token that came by a refresh
   * @throws TokenRefusedException if it is not of this client, not of this login, not for now, or
   *     taken back
   */
  IdToken idToken(JWTClaimsSet claims, String clientId, Optional<String> nonce, long nowMillis)
      throws TokenRefusedException {
    requireTime(claims, nowMillis);
    requireClient(claims, clientId);
    if (nonce.isPresent() && !sameText(nonce.get(), textOf(claims.getClaim("nonce")))) {
      throw new TokenRefusedException(TokenFault.CLAIMS);
    }
    ClaimRules.Holder holder = holderIn(claims);
    String sub = textOf(claims.getClaim("sub"));
    TokenOrigin origin =
        TokenOrigin.of(
            provider,
            holder.subject(),
            sub,
            Optional.ofNullable(claims.getIssueTime()).map(Date::toInstant));
    if (sub.isEmpty() || claims.getIssueTime() == null) {
      throw new TokenRefusedException(TokenFault.CLAIMS);
    }
    if (Revocation.covers(provider, origin)) {
      throw new TokenRefusedException(TokenFault.REVOKED);
    }
    return new IdToken(
        provider,
        holder,
        sub,
        Optional.of(textOf(claims.getClaim("sid"))).filter(sid -> !sid.isEmpty()),
        claims.getIssueTime().toInstant());
  }

  /**
   * Whose sessions are to end, by a logout token whose signature is right (OpenID Connect
   * Back-Channel Logout section 2.6).
   *
   * @throws TokenRefusedException if it is none, not of this client, or not for now
   */
  LogoutToken logoutToken(JWTClaimsSet claims, String clientId, long nowMillis)
      throws TokenRefusedException {
    requireTime(claims, nowMillis);
    requireClient(claims, clientId);
    String sub = textOf(claims.getClaim("sub"));
    String sid = textOf(claims.getClaim("sid"));
    boolean event =
        claims.getClaim("events") instanceof Map<?, ?> events
            && events.get(LOGOUT_EVENT) instanceof Map<?, ?>;
    if (!event
        || claims.getClaim("nonce") != null
        || claims.getIssueTime() == null
        || textOf(claims.getClaim("jti")).isEmpty()
        || (sub.isEmpty() && sid.isEmpty())) {
      throw new TokenRefusedException(TokenFault.CLAIMS);
    }
    return new LogoutToken(
        provider,
        Optional.of(sub).filter(text -> !text.isEmpty()),
        Optional.of(sid).filter(text -> !text.isEmpty()));
  }

  private static void requireClient(JWTClaimsSet claims, String clientId)
      throws TokenRefusedException {
    boolean others = claims.getAudience().size() > 1;
    Object authorized = claims.getClaim("azp");
    if (!claims.getAudience().contains(clientId)
        || (authorized == null ? others : !clientId.equals(authorized))) {
      throw new TokenRefusedException(TokenFault.AUDIENCE);
    }
  }

  private static boolean sameText(String one, String other) {
    return MessageDigest.isEqual(one.getBytes(UTF_8), other.getBytes(UTF_8));
  }

  private ClaimRules.Holder holderIn(JWTClaimsSet claims) throws TokenRefusedException {
    try {
      return rules.holderIn(claims.getClaims());
    } catch (MissingClaimException _) {
      throw new TokenRefusedException(TokenFault.CLAIMS);
    }
  }

  /**
   * From when on the token proves nothing; empty if it does not say when it expires.
   *
   * @return milliseconds since the epoch
   */
  OptionalLong overAtMillis(JWTClaimsSet claims) {
    return claims.getExpirationTime() == null
        ? OptionalLong.empty()
        : OptionalLong.of(claims.getExpirationTime().toInstant().toEpochMilli() + skewMillis);
  }

  private void requireTime(JWTClaimsSet claims, long nowMillis) throws TokenRefusedException {
    OptionalLong overAt = overAtMillis(claims);
    if (overAt.isEmpty()) {
      throw new TokenRefusedException(TokenFault.CLAIMS);
    }
    if (nowMillis >= overAt.getAsLong()) {
      throw new TokenRefusedException(TokenFault.EXPIRED);
    }
    if (isToCome(claims.getNotBeforeTime(), nowMillis)
        || isToCome(claims.getIssueTime(), nowMillis)) {
      throw new TokenRefusedException(TokenFault.NOT_YET_VALID);
    }
  }

  private boolean isToCome(@Nullable Date time, long nowMillis) {
    return time != null && time.toInstant().toEpochMilli() - skewMillis > nowMillis;
  }

  private static String textOf(@Nullable Object claim) {
    return claim instanceof String text ? text : "";
  }
}
