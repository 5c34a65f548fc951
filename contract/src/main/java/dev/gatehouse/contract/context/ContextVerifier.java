package dev.gatehouse.contract.context;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.gatehouse.contract.database.DatabaseAccess;
import dev.gatehouse.contract.database.IsolationStrategy;
import java.net.MalformedURLException;
import java.net.URI;
import java.text.ParseException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Verifies the signed context of a request, for applications on the JVM. Make one per service and
 * keep it; it is safe for use by many threads.
 *
 * <p>Accepts ES256 and nothing else, whatever the token says (RFC 8725 section 3.1), only contexts
 * that were signed for this service, and only while they are valid, give or take {@value
 * #CLOCK_SKEW_SECONDS} seconds.
 */
public final class ContextVerifier {
  /** How far the clocks of gateway and application may differ. */
  public static final int CLOCK_SKEW_SECONDS = 5;

  /** A longer one is refused unread. */
  public static final int MAX_LENGTH = 8192;

  private static final int FETCH_TIMEOUT_MILLIS = 2000;
  private static final int MAX_JWKS_BYTES = 64 * 1024;
  private static final long KEYS_LIVE_MILLIS = 300_000;
  private static final long KEYS_REFRESH_TIMEOUT_MILLIS = 5_000;
  private static final long KEYS_OUTAGE_MILLIS = 24 * 3600_000L;

  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

  private ContextVerifier(String service, JWKSource<SecurityContext> keys) {
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType(TenantContext.TYPE)));
    processor.setJWSKeySelector(new JWSVerificationKeySelector<>(JWSAlgorithm.ES256, keys));
    DefaultJWTClaimsVerifier<SecurityContext> claims =
        new DefaultJWTClaimsVerifier<>(
            Set.of(service),
            new JWTClaimsSet.Builder().issuer(TenantContext.ISSUER).build(),
            Set.of("sub", "iat", "exp", "tid", "tenant"),
            Set.of());
    claims.setMaxClockSkew(CLOCK_SKEW_SECONDS);
    processor.setJWTClaimsSetVerifier(claims);
  }

  /**
   * Verifies with keys fetched from a JWKS URL: cached for five minutes, fetched again when a new
   * {@code kid} appears, kept for a day while the URL does not answer. The first verification, and
   * one in five minutes, waits for the fetch: call it from a thread that may block.
   *
   * @param service the name under which the service is registered; the audience
   * @param jwks for example {@code http://control-plane:9000/.well-known/jwks.json}
   * @throws IllegalArgumentException if the URL cannot be used
   */
  public static ContextVerifier fetchingFrom(String service, URI jwks) {
    try {
      JWKSource<SecurityContext> keys =
          JWKSourceBuilder.<SecurityContext>create(
                  jwks.toURL(),
                  new DefaultResourceRetriever(
                      FETCH_TIMEOUT_MILLIS, FETCH_TIMEOUT_MILLIS, MAX_JWKS_BYTES))
              .cache(KEYS_LIVE_MILLIS, KEYS_REFRESH_TIMEOUT_MILLIS)
              .retrying(true)
              .outageTolerant(KEYS_OUTAGE_MILLIS)
              .build();
      return new ContextVerifier(service, keys);
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException("JWKS URL must be http or https, found " + jwks, e);
    }
  }

  /**
   * Verifies with a fixed set of keys. Never blocks.
   *
   * @param service the audience
   * @param jwks a JWKS document
   * @throws IllegalArgumentException if it is none
   */
  public static ContextVerifier withKeys(String service, String jwks) {
    try {
      Map<String, Object> json = JSONObjectUtils.parse(jwks);
      if (json == null) {
        throw new ParseException("null", 0);
      }
      return new ContextVerifier(service, new ImmutableJWKSet<>(JWKSet.parse(json)));
    } catch (ParseException e) {
      throw new IllegalArgumentException("not a JWKS document", e);
    }
  }

  /**
   * Reads a signed context.
   *
   * @param jws the value of the header {@value TenantContext#HEADER}
   * @throws ContextRefusedException if it was not signed by the gateway, for this service, for now
   */
  public TenantContext verify(String jws) throws ContextRefusedException {
    if (jws.length() > MAX_LENGTH) {
      throw new ContextRefusedException(
          "the tenant context is longer than " + MAX_LENGTH + " characters");
    }
    try {
      TenantContext context = contextOf(processor.process(jws, null));
      if (context.issuedAt().isAfter(Instant.now().plusSeconds(CLOCK_SKEW_SECONDS))) {
        throw new ContextRefusedException("the tenant context was issued in the future");
      }
      return context;
    } catch (ParseException | BadJOSEException | IllegalArgumentException e) {
      throw new ContextRefusedException("the tenant context does not verify: " + e.getMessage());
    } catch (JOSEException e) {
      throw new ContextRefusedException(
          "the keys that verify the tenant context are not to be had: " + e.getMessage());
    }
  }

  /**
   * The same, for whoever has to show the signed context to somebody else.
   *
   * @throws ContextRefusedException as {@link #verify}
   */
  public SignedContext verifySigned(String jws) throws ContextRefusedException {
    return new SignedContext(verify(jws), jws);
  }

  private static TenantContext contextOf(JWTClaimsSet claims) throws ParseException {
    List<String> methods = claims.getStringListClaim("amr");
    List<String> roles = claims.getStringListClaim("roles");
    String scope = claims.getStringClaim("scope");
    return new TenantContext(
        UUID.fromString(claims.getStringClaim("tid")),
        claims.getStringClaim("tenant"),
        claims.getSubject(),
        roles == null ? Set.of() : Set.copyOf(roles),
        scope == null ? Set.of() : Set.of(scope.split(" ")),
        methods == null || methods.isEmpty() ? "" : methods.getFirst(),
        claims.getAudience().getFirst(),
        claims.getIssueTime().toInstant(),
        claims.getExpirationTime().toInstant(),
        databaseOf(claims));
  }

  private static Optional<DatabaseAccess> databaseOf(JWTClaimsSet claims) throws ParseException {
    Map<String, Object> access = claims.getJSONObjectClaim("db");
    return access == null
        ? Optional.empty()
        : Optional.of(
            new DatabaseAccess(
                JSONObjectUtils.getString(access, "partition"),
                IsolationStrategy.fromWireName(JSONObjectUtils.getString(access, "strategy")),
                JSONObjectUtils.getString(access, "token")));
  }
}
