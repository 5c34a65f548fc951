package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The authorization server that is asked who came with a bearer token (RFC 7662). A tenant has one
 * at most; it is asked about the tokens that are of none of the tenant's issuers of JWTs.
 *
 * @param tenantId whose it is
 * @param url where it is asked
 * @param client as what the gateway asks
 * @param audiences {@code aud} of the answer must hold one of them; not looked at if absent
 * @param issuer {@code iss} of the answer must be this; not looked at if absent
 * @param requiredClaims members of the answer that must be there with these values
 * @param claims where the answer says who calls
 * @param cacheFor how long an answer is believed, and never beyond the token's end; 30 s if absent,
 *     0 for asking each time
 * @param forwardToken whether the upstream sees the token; no if absent
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record EdgeIntrospection(
    UUID tenantId,
    String url,
    ClientCredentials client,
    Optional<Set<String>> audiences,
    Optional<String> issuer,
    Optional<Map<String, String>> requiredClaims,
    Optional<ClaimMapping> claims,
    Optional<Duration> cacheFor,
    Optional<Boolean> forwardToken)
    implements EdgeObject {
  /** The default of {@code cacheFor}. */
  public static final Duration DEFAULT_CACHE_FOR = Duration.ofSeconds(30);

  private static final Duration MAX_CACHE_FOR = Duration.ofMinutes(10);
  private static final int MAX_AUDIENCES = 20;
  private static final int MAX_REQUIRED_CLAIMS = 20;
  private static final int MAX_TEXT = 500;

  /**
   * @throws IllegalArgumentException if the URL is none that can be asked, or something is too long
   *     or too much
   */
  public EdgeIntrospection {
    HttpText.checkUrl("url", url);
    audiences = audiences.map(Set::copyOf);
    audiences.ifPresent(all -> Range.check("size of audiences", all.size(), 1, MAX_AUDIENCES));
    issuer.ifPresent(text -> Range.check("length of issuer", text.length(), 1, MAX_TEXT));
    requiredClaims = requiredClaims.map(Map::copyOf);
    requiredClaims.ifPresent(
        all -> Range.check("size of requiredClaims", all.size(), 0, MAX_REQUIRED_CLAIMS));
    cacheFor.ifPresent(time -> Range.check("cacheFor", time, Duration.ZERO, MAX_CACHE_FOR));
  }

  @Override
  public Kind kind() {
    return Kind.INTROSPECTION;
  }

  @Override
  public String key() {
    return tenantId.toString();
  }
}
