package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Whose word a tenant takes for who calls: an issuer of JWTs (RFC 7519) that come as bearer tokens,
 * or with which users log in, or both. What it says of the tenant's callers holds for this tenant
 * alone.
 *
 * @param id never changes
 * @param tenantId whose it is
 * @param name what people call it; unique at the tenant
 * @param issuer the claim {@code iss} of its tokens, exactly; unique at the tenant
 * @param keys what verifies them
 * @param audiences the claim {@code aud} of bearer tokens must hold one of them; empty if it is for
 *     login alone
 * @param algorithms by which tokens may be signed; RS256, ES256 and EdDSA if absent
 * @param clockSkew how far its clock may differ; 30 s if absent
 * @param requiredClaims claims that must be there with these values
 * @param claims where its tokens say who calls
 * @param forwardToken whether the upstream sees the token; no if absent
 * @param validFrom tokens issued before are refused
 * @param revokedSubjects the same for single subjects
 * @param login how users log in with it; they do not if absent
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record EdgeIdentityProvider(
    UUID id,
    UUID tenantId,
    String name,
    String issuer,
    IssuerKeys keys,
    Set<String> audiences,
    Optional<Set<JwsAlgorithm>> algorithms,
    Optional<Duration> clockSkew,
    Optional<Map<String, String>> requiredClaims,
    Optional<ClaimMapping> claims,
    Optional<Boolean> forwardToken,
    Optional<Instant> validFrom,
    Optional<Map<String, Instant>> revokedSubjects,
    Optional<OidcLogin> login)
    implements EdgeObject {
  /** How many subjects may be revoked at once. */
  public static final int MAX_REVOKED_SUBJECTS = 1000;

  private static final int MAX_AUDIENCES = 20;
  private static final int MAX_REQUIRED_CLAIMS = 20;
  private static final int MAX_TEXT = 500;
  private static final Duration MAX_SKEW = Duration.ofMinutes(5);

  /**
   * @throws IllegalArgumentException if there is no audience, or something is too long or too much
   */
  public EdgeIdentityProvider {
    Range.check("length of issuer", issuer.length(), 1, MAX_TEXT);
    audiences = Set.copyOf(audiences);
    Range.check("size of audiences", audiences.size(), login.isPresent() ? 0 : 1, MAX_AUDIENCES);
    algorithms = algorithms.map(Set::copyOf);
    algorithms.ifPresent(
        set -> Range.check("size of algorithms", set.size(), 1, JwsAlgorithm.values().length));
    clockSkew.ifPresent(skew -> Range.check("clockSkew", skew, Duration.ZERO, MAX_SKEW));
    requiredClaims = requiredClaims.map(Map::copyOf);
    requiredClaims.ifPresent(
        all -> Range.check("size of requiredClaims", all.size(), 0, MAX_REQUIRED_CLAIMS));
    revokedSubjects = revokedSubjects.map(Map::copyOf);
    revokedSubjects.ifPresent(
        all -> Range.check("size of revokedSubjects", all.size(), 0, MAX_REVOKED_SUBJECTS));
  }

  /** An issuer with everything at its default. */
  public static EdgeIdentityProvider of(
      UUID id, UUID tenantId, String name, String issuer, IssuerKeys keys, Set<String> audiences) {
    return new EdgeIdentityProvider(
        id,
        tenantId,
        name,
        issuer,
        keys,
        audiences,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  @Override
  public Kind kind() {
    return Kind.IDENTITY_PROVIDER;
  }

  @Override
  public String key() {
    return id.toString();
  }
}
