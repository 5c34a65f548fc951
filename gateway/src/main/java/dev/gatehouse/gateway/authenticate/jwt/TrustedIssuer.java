package dev.gatehouse.gateway.authenticate.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import dev.gatehouse.contract.edge.JwsAlgorithm;
import dev.gatehouse.gateway.authenticate.Credential;
import dev.gatehouse.gateway.authenticate.Principal;
import dev.gatehouse.gateway.authenticate.TokenOrigin;
import dev.gatehouse.gateway.authenticate.claims.ClaimRules;
import dev.gatehouse.gateway.authenticate.claims.MissingClaimException;
import java.time.Duration;
import java.util.Date;
import java.util.List;
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

  /** What only ID tokens have (OpenID Connect Core sections 2 and 3.3.2.11). */
  private static final List<String> OF_ID_TOKENS = List.of("nonce", "at_hash", "c_hash");

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
        new TokenOrigin(
            provider,
            namesOf(holder.subject(), textOf(claims.getClaim("sub"))),
            Optional.ofNullable(claims.getIssueTime()).map(Date::toInstant));
    if (Revocation.covers(provider, origin)) {
      throw new TokenRefusedException(TokenFault.REVOKED);
    }
    return new Principal(
        holder.subject(), holder.roles(), holder.scopes(), new Credential.Token(origin));
  }

  private ClaimRules.Holder holderIn(JWTClaimsSet claims) throws TokenRefusedException {
    try {
      return rules.holderIn(claims.getClaims());
    } catch (MissingClaimException _) {
      throw new TokenRefusedException(TokenFault.CLAIMS);
    }
  }

  private static Set<String> namesOf(String subject, String issued) {
    return issued.isEmpty() || issued.equals(subject) ? Set.of(subject) : Set.of(subject, issued);
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
