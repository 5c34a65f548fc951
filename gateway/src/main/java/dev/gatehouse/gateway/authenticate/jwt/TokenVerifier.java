package dev.gatehouse.gateway.authenticate.jwt;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.contract.edge.IssuerKeys;
import dev.gatehouse.gateway.authenticate.AuthenticateConfig;
import dev.gatehouse.gateway.authenticate.Principal;
import dev.gatehouse.gateway.authenticate.cache.TokenDigest;
import dev.gatehouse.gateway.authenticate.remote.ProviderCalls;
import dev.gatehouse.gateway.bounds.Bound;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells who the holder of a token is, by the issuers that the tenant trusts. Shared by all event
 * loops; takes some 0.1 ms of CPU where a token is new, and next to nothing where it is not.
 */
public final class TokenVerifier {
  /** A longer one is refused unread, in characters. */
  @Bound(
      of = "a bearer token that is a JWT",
      unit = "characters",
      atIt = "401, unread",
      metric = "gatehouse_tokens_total{outcome=\"malformed\"}")
  public static final int MAX_LENGTH = 8192;

  /** A key that its issuer has taken back opens nothing for longer. */
  private static final long MOST_KNOWN_MILLIS = TimeUnit.MINUTES.toMillis(10);

  private static final long HOUSEKEEPING_MILLIS = TimeUnit.HOURS.toMillis(1);

  /** Access tokens (RFC 9068 section 2.1), and what says nothing. */
  private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/at+jwt");

  private static final Set<String> TIMES = Set.of("exp", "nbf", "iat");

  /** Of the year 9999: beyond it nothing is a time any more. */
  private static final double MOST_SECONDS = 253_402_300_799L;

  private final IssuerKeySource keys;
  private final int cachedPerTenant;
  private final TokenMeters meters;

  private TokenVerifier(IssuerKeySource keys, int cachedPerTenant, TokenMeters meters) {
    this.keys = keys;
    this.cachedPerTenant = cachedPerTenant;
    this.meters = meters;
  }

  /**
   * Makes one that fetches issuers' keys.
   *
   * @param background where what is not used any more is forgotten
   * @param calls fetches them
   */
  public static TokenVerifier of(
      Vertx background, ProviderCalls calls, AuthenticateConfig config, MeterRegistry metrics) {
    JwksFetcher fetcher = new JwksFetcher(calls, config.fetchTimeout());
    IssuerKeySource keys =
        new IssuerKeySource(
            url -> () -> fetcher.fetch(url), config.refreshInterval(), System::nanoTime);
    background.setPeriodic(HOUSEKEEPING_MILLIS, _ -> keys.forgetIdle());
    Gauge.builder("gatehouse.jwks", keys, IssuerKeySource::size)
        .description("Places from which keys of identity providers were fetched")
        .register(metrics);
    return new TokenVerifier(keys, config.cachedTokensPerTenant(), new TokenMeters(metrics));
  }

  /** For tests: with keys from elsewhere. */
  static TokenVerifier of(
      Function<URI, RemoteKeys.Fetch> fetches,
      Duration interval,
      int cachedPerTenant,
      LongSupplier clock,
      MeterRegistry metrics) {
    return new TokenVerifier(
        new IssuerKeySource(fetches, interval, clock), cachedPerTenant, new TokenMeters(metrics));
  }

  /** What is known of a token. */
  public sealed interface Outcome {
    /** Who came with it. */
    record Verified(Principal principal) implements Outcome {}

    /** It proves nothing. */
    record Refused(TokenFault fault) implements Outcome {}

    /**
     * Its issuer's keys are not here, or may be others by now.
     *
     * @param fetched completes when they are here, or cannot be had
     */
    record KeysWanted(Future<Void> fetched) implements Outcome {}

    /** Its issuer's keys cannot be had. */
    record KeysUnavailable() implements Outcome {}
  }

  private static final Outcome UNAVAILABLE = new Outcome.KeysUnavailable();

  /** Who came with a token that was verified before; null if it was not, or is over. */
  public @Nullable Principal known(TenantIssuers issuers, String token, long nowMillis) {
    return issuers.verified().find(TokenDigest.of(token), nowMillis);
  }

  /** Whether a token says that it comes from one of these issuers; it may lie. */
  public boolean isOfOneOf(TenantIssuers issuers, String token) {
    try {
      JWTClaimsSet claims = claimsOf(parse(token));
      return issuers.byName(String.valueOf(claims.getIssuer())).isPresent();
    } catch (TokenRefusedException _) {
      return false;
    }
  }

  /**
   * Verifies a token.
   *
   * @param nowMillis milliseconds since the epoch
   */
  public Outcome verify(TenantIssuers issuers, String token, long nowMillis) {
    Outcome outcome;
    try {
      outcome = verifyNew(issuers, token, nowMillis);
    } catch (TokenRefusedException refused) {
      outcome = new Outcome.Refused(refused.fault());
    }
    meters.count(outcome);
    return outcome;
  }

  /** Counts a token that is good for nothing by what came with it, though it is genuine. */
  public void countRefused(TokenFault fault) {
    meters.count(new Outcome.Refused(fault));
  }

  private Outcome verifyNew(TenantIssuers issuers, String token, long nowMillis)
      throws TokenRefusedException {
    return switch (signed(issuers, token)) {
      case Signed signed -> {
        requireType(signed.type());
        Principal principal = signed.issuer().principalOf(signed.claims(), nowMillis);
        keep(issuers, signed, token, principal, nowMillis);
        yield new Outcome.Verified(principal);
      }
      case KeysMissing missing -> missing.outcome();
    };
  }

  private void keep(
      TenantIssuers issuers, Signed signed, String token, Principal principal, long nowMillis) {
    signed
        .issuer()
        .overAtMillis(signed.claims())
        .ifPresent(overAt ->
            issuers
                .verified()
                .keep(
                    TokenDigest.of(token),
                    principal,
                    Math.min(overAt, nowMillis + MOST_KNOWN_MILLIS),
                    cachedPerTenant));
  }

  /** What is known of a token's signature. */
  sealed interface Checked permits Signed, KeysMissing {}

  /** It is right: an issuer that the tenant trusts says this. */
  record Signed(TrustedIssuer issuer, JWTClaimsSet claims, @Nullable JOSEObjectType type)
      implements Checked {}

  /** The keys that could tell are not here. */
  record KeysMissing(Outcome outcome) implements Checked {}

  /** Looks at a token's signature, and at nothing that it says but whose token it is. */
  Checked signed(TenantIssuers issuers, String token) throws TokenRefusedException {
    SignedJWT jwt = parse(token);
    JWSHeader header = jwt.getHeader();
    if (header.getCriticalParams() != null && !header.getCriticalParams().isEmpty()) {
      throw new TokenRefusedException(TokenFault.MALFORMED);
    }
    JWTClaimsSet claims = claimsOf(jwt);
    TrustedIssuer issuer =
        issuers
            .byName(String.valueOf(claims.getIssuer()))
            .orElseThrow(() -> new TokenRefusedException(TokenFault.UNKNOWN_ISSUER));
    JWSAlgorithm algorithm = header.getAlgorithm();
    if (!issuer.allows(algorithm)) {
      throw new TokenRefusedException(TokenFault.ALGORITHM);
    }
    IssuerKeys where = issuer.provider().keys();
    RemoteKeys remote = where.jwksUrl().map(keys::at).orElse(null);
    KeySet present = remote == null ? issuer.inlineKeys() : remote.current();
    List<VerificationKey> candidates =
        present == null ? List.of() : present.candidates(header.getKeyID(), algorithm);
    if (candidates.isEmpty()) {
      return new KeysMissing(withoutKey(remote, present));
    }
    requireSignature(jwt, candidates);
    return new Signed(issuer, claims, header.getType());
  }

  private static Outcome withoutKey(@Nullable RemoteKeys remote, @Nullable KeySet present)
      throws TokenRefusedException {
    Future<Void> fetch = remote == null ? null : remote.refresh();
    if (fetch != null) {
      return new Outcome.KeysWanted(fetch);
    }
    if (present == null) {
      return UNAVAILABLE;
    }
    throw new TokenRefusedException(TokenFault.UNKNOWN_KEY);
  }

  private static SignedJWT parse(String token) throws TokenRefusedException {
    if (token.length() > MAX_LENGTH || !CompactForm.isOf(token)) {
      throw new TokenRefusedException(TokenFault.MALFORMED);
    }
    try {
      return SignedJWT.parse(token);
    } catch (ParseException | RuntimeException _) {
      // Also a fault of the parser: whatever a stranger sends is no fault of the gateway.
      throw new TokenRefusedException(TokenFault.MALFORMED);
    }
  }

  private static JWTClaimsSet claimsOf(SignedJWT jwt) throws TokenRefusedException {
    try {
      Map<String, Object> members = jwt.getPayload().toJSONObject();
      if (members != null && TIMES.stream().allMatch(name -> isPossible(members.get(name)))) {
        return JWTClaimsSet.parse(members);
      }
    } catch (ParseException | RuntimeException _) {
      // As below.
    }
    throw new TokenRefusedException(TokenFault.MALFORMED);
  }

  /** In milliseconds, one far beyond would be another time, such as one that is long past. */
  private static boolean isPossible(@Nullable Object time) {
    return !(time instanceof Number seconds) || Math.abs(seconds.doubleValue()) <= MOST_SECONDS;
  }

  private static void requireType(@Nullable JOSEObjectType type) throws TokenRefusedException {
    if (type != null && !TYPES.contains(type.getType().toLowerCase(Locale.ROOT))) {
      throw new TokenRefusedException(TokenFault.TYPE);
    }
  }

  private static void requireSignature(SignedJWT jwt, List<VerificationKey> candidates)
      throws TokenRefusedException {
    if (candidates.stream().noneMatch(candidate -> candidate.verifies(jwt))) {
      throw new TokenRefusedException(TokenFault.SIGNATURE);
    }
  }
}
