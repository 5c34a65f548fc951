package dev.gatehouse.gateway.authenticate.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.gatehouse.contract.edge.ClaimMapping;
import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import dev.gatehouse.contract.edge.JwsAlgorithm;
import dev.gatehouse.gateway.authenticate.Principal;
import dev.gatehouse.gateway.authenticate.TokenOrigin;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One issuer as one tenant trusts it. Immutable; any thread. */
final class TrustedIssuer {
  private static final Set<JwsAlgorithm> DEFAULT_ALGORITHMS =
      Set.of(JwsAlgorithm.RS256, JwsAlgorithm.ES256, JwsAlgorithm.EDDSA);
  private static final Duration DEFAULT_SKEW = Duration.ofSeconds(30);
  private static final int MAX_SUBJECT = 255;

  /** Of all roles and scopes together: they go into the signed context, which is bounded. */
  private static final int MAX_WORDS_LENGTH = 4000;

  /** What only ID tokens have (OpenID Connect Core sections 2 and 3.3.2.11). */
  private static final List<String> OF_ID_TOKENS = List.of("nonce", "at_hash", "c_hash");

  private final EdgeIdentityProvider provider;
  private final Set<JWSAlgorithm> algorithms;
  private final long skewMillis;
  private final ClaimPath subject;
  private final Optional<ClaimPath> roles;
  private final ClaimPath scopes;
  private final Map<String, String> roleNames;
  private final boolean namesRoles;
  private final @Nullable KeySet inlineKeys;

  TrustedIssuer(EdgeIdentityProvider provider) {
    ClaimMapping claims = provider.claims().orElse(ClaimMapping.DEFAULT);
    this.provider = provider;
    this.algorithms =
        provider.algorithms().orElse(DEFAULT_ALGORITHMS).stream()
            .map(algorithm -> JWSAlgorithm.parse(algorithm.wireName()))
            .collect(Collectors.toUnmodifiableSet());
    this.skewMillis = provider.clockSkew().orElse(DEFAULT_SKEW).toMillis();
    this.subject = ClaimPath.of(claims.subject().orElse("sub"));
    this.roles = claims.roles().map(ClaimPath::of);
    this.scopes = ClaimPath.of(claims.scopes().orElse("scope"));
    this.roleNames = claims.roleNames().orElse(Map.of());
    this.namesRoles = claims.roleNames().isPresent();
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
    requireClaims(claims);
    String who = subjectIn(claims);
    TokenOrigin origin =
        new TokenOrigin(
            provider,
            namesOf(who, textOf(claims.getClaim("sub"))),
            Optional.ofNullable(claims.getIssueTime()).map(Date::toInstant));
    if (Revocation.covers(provider, origin)) {
      throw new TokenRefusedException(TokenFault.REVOKED);
    }
    Set<String> foundRoles = rolesIn(claims);
    Set<String> foundScopes = wordsOf(scopes.in(claims.getClaims()));
    if (lengthOf(foundRoles) + lengthOf(foundScopes) > MAX_WORDS_LENGTH) {
      throw new TokenRefusedException(TokenFault.CLAIMS);
    }
    return Principal.withToken(who, foundRoles, foundScopes, origin);
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

  private void requireClaims(JWTClaimsSet claims) throws TokenRefusedException {
    for (Map.Entry<String, String> required :
        provider.requiredClaims().orElse(Map.of()).entrySet()) {
      Object found = ClaimPath.of(required.getKey()).in(claims.getClaims());
      boolean holds =
          found instanceof List<?> list
              ? list.stream().anyMatch(one -> required.getValue().equals(String.valueOf(one)))
              : found != null && required.getValue().equals(String.valueOf(found));
      if (!holds) {
        throw new TokenRefusedException(TokenFault.CLAIMS);
      }
    }
  }

  private String subjectIn(JWTClaimsSet claims) throws TokenRefusedException {
    String found = textOf(subject.in(claims.getClaims()));
    if (found.isEmpty() || found.length() > MAX_SUBJECT) {
      throw new TokenRefusedException(TokenFault.CLAIMS);
    }
    return found;
  }

  private Set<String> rolesIn(JWTClaimsSet claims) {
    if (roles.isEmpty()) {
      return Set.of();
    }
    Set<String> said = wordsOf(roles.get().in(claims.getClaims()));
    return namesRoles
        ? said.stream()
            .flatMap(role -> Stream.ofNullable(roleNames.get(role)))
            .collect(Collectors.toUnmodifiableSet())
        : said;
  }

  /** As JSON has them. */
  private static int lengthOf(Set<String> words) {
    return words.stream().mapToInt(word -> word.length() + 3).sum();
  }

  private static Set<String> wordsOf(@Nullable Object claim) {
    Stream<String> words =
        switch (claim) {
          case String text -> Stream.of(text.split(" ", -1));
          case List<?> list ->
              list.stream().filter(String.class::isInstance).map(String.class::cast);
          case null, default -> Stream.of();
        };
    return words.filter(word -> !word.isEmpty()).collect(Collectors.toUnmodifiableSet());
  }

  private static String textOf(@Nullable Object claim) {
    return claim instanceof String text ? text : "";
  }
}
