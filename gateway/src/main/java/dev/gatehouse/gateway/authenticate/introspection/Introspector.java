package dev.gatehouse.gateway.authenticate.introspection;

import dev.gatehouse.contract.edge.EdgeIntrospection;
import dev.gatehouse.egress.EgressClient.Call;
import dev.gatehouse.egress.EgressClient.Fetched;
import dev.gatehouse.gateway.authenticate.AuthenticateConfig;
import dev.gatehouse.gateway.authenticate.Authentication;
import dev.gatehouse.gateway.authenticate.Evidence;
import dev.gatehouse.gateway.authenticate.Evidence.Verdict;
import dev.gatehouse.gateway.authenticate.Proof;
import dev.gatehouse.gateway.authenticate.VerdictMeters;
import dev.gatehouse.gateway.authenticate.cache.TokenDigest;
import dev.gatehouse.gateway.authenticate.remote.ClientAuthentication;
import dev.gatehouse.gateway.authenticate.remote.Form;
import dev.gatehouse.gateway.authenticate.remote.ProviderCalls;
import dev.gatehouse.gateway.bounds.Bound;
import dev.gatehouse.gateway.rejection.Rejection;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks authorization servers who came with a token (RFC 7662). An answer is believed for as long as
 * the tenant says, one that the token is good for nothing for {@value #REFUSED_FOR_MILLIS} ms at
 * most. Shared by all event loops; never blocks.
 */
public final class Introspector {
  @Bound(of = "a bearer token that is introspected", unit = "characters", atIt = "401, unasked")
  private static final int MAX_TOKEN_LENGTH = 8192;

  @Bound(
      of = "the answer of an authorization server",
      unit = "bytes",
      atIt = "counts as no answer: 503",
      metric = "gatehouse_introspections_total{outcome=\"unavailable\"}")
  private static final int MAX_ANSWER_BYTES = 64 * 1024;

  private static final long REFUSED_FOR_MILLIS = 10_000;
  private static final Logger LOG = LoggerFactory.getLogger(Introspector.class);

  private final ProviderCalls calls;
  private final Duration timeout;
  private final int cachedPerTenant;
  private final InstantSource clock;
  private final VerdictMeters meters;

  public Introspector(
      ProviderCalls calls, AuthenticateConfig config, InstantSource clock, MeterRegistry metrics) {
    this.calls = calls;
    this.timeout = config.fetchTimeout();
    this.cachedPerTenant = config.cachedTokensPerTenant();
    this.clock = clock;
    this.meters =
        new VerdictMeters(
            metrics,
            "gatehouse.introspections",
            "Tokens that an authorization server was asked about",
            "active");
  }

  /**
   * Tells who came with a token.
   *
   * @param evidence what was found out for the request before
   * @throws Rejection if it lets nobody in
   */
  public Proof read(TenantIntrospection server, String token, Evidence evidence) {
    if (token.isEmpty() || token.length() > MAX_TOKEN_LENGTH) {
      throw Rejection.Unauthenticated.BAD_CREDENTIAL;
    }
    TokenDigest digest = TokenDigest.of(token);
    Verdict known = server.known().find(digest, clock.millis());
    Optional<Verdict> said = known == null ? evidence.about(server) : Optional.of(known);
    return said.map(Evidence::proofOf)
        .orElseGet(() ->
            new Authentication.Awaited(
                server
                    .ask(digest, () -> ask(server, digest, token))
                    .map(verdict -> Optional.of(new Evidence.Finding(server, verdict))),
                Rejection.IdentityProviderUnavailable.INTROSPECTION));
  }

  private Future<Verdict> ask(TenantIntrospection server, TokenDigest digest, String token) {
    return calls
        .callFor(server.edge().tenantId(), callFor(server.edge(), token))
        .map(answer -> verdictOf(server, digest, answer))
        .recover(failure -> {
          LOG.warn("introspection at {}: {}", server.edge().url(), failure.getMessage());
          return Future.succeededFuture(
              new Verdict.Refused(Rejection.IdentityProviderUnavailable.INTROSPECTION));
        })
        .onSuccess(meters::count);
  }

  private Call callFor(EdgeIntrospection server, String token) {
    MultiMap headers =
        MultiMap.caseInsensitiveMultiMap().add(HttpHeaders.ACCEPT, "application/json");
    Form form = new Form().add("token", token).add("token_type_hint", "access_token");
    ClientAuthentication.add(server.client(), headers, form);
    headers.add(HttpHeaders.CONTENT_TYPE, Form.CONTENT_TYPE);
    return new Call(
        HttpMethod.POST,
        URI.create(server.url()),
        headers,
        form.toBuffer(),
        MAX_ANSWER_BYTES,
        timeout);
  }

  private Verdict verdictOf(TenantIntrospection server, TokenDigest digest, Fetched answer) {
    IntrospectionAnswer read = IntrospectionAnswer.read(answer);
    long now = clock.millis();
    Verdict verdict = read.verdict(server, now);
    long believed = server.edge().cacheFor().orElse(EdgeIntrospection.DEFAULT_CACHE_FOR).toMillis();
    long until =
        verdict instanceof Verdict.LetIn
            ? Math.min(now + believed, read.overAtMillis())
            : now + Math.min(believed, REFUSED_FOR_MILLIS);
    if (until > now) {
      server.known().keep(digest, verdict, until, cachedPerTenant);
    }
    return verdict;
  }
}
