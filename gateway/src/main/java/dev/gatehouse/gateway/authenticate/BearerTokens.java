package dev.gatehouse.gateway.authenticate;

import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.gateway.admit.BearerScheme;
import dev.gatehouse.gateway.admit.RequestHeaders;
import dev.gatehouse.gateway.authenticate.certificate.Confirmation;
import dev.gatehouse.gateway.authenticate.introspection.Introspector;
import dev.gatehouse.gateway.authenticate.introspection.TenantIntrospection;
import dev.gatehouse.gateway.authenticate.jwt.TenantIssuers;
import dev.gatehouse.gateway.authenticate.jwt.TokenFault;
import dev.gatehouse.gateway.authenticate.jwt.TokenVerifier;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.resolve.Resolved;
import dev.gatehouse.gateway.tls.PeerCertificates;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Callers with a bearer token that is no API key: of one of the issuers whose keys are known, or
 * one that the tenant's authorization server is asked about.
 */
public final class BearerTokens implements ProofReader {
  private final InstantSource clock;
  private final TokenVerifier verifier;
  private final Introspector introspector;

  public BearerTokens(InstantSource clock, TokenVerifier verifier, Introspector introspector) {
    this.clock = clock;
    this.verifier = verifier;
    this.introspector = introspector;
  }

  @Override
  public Proof read(Resolved request, Evidence evidence) {
    Proof proof = holder(request, evidence);
    if (proof instanceof Principal holder) {
      confirm(request, holder.credential().confirmation());
    }
    return proof;
  }

  /**
   * Each time: what is known of a token says nothing of the connection that it comes over. Where a
   * certificate is not asked for, a token that is bound to one is good for nothing.
   */
  private void confirm(Resolved request, Confirmation asked) {
    if (asked instanceof Confirmation.Bearer) {
      return;
    }
    PeerCertificates shown = request.request().head().peerCertificates();
    if (asked.isMetBy(shown.thumbprint())) {
      return;
    }
    if (shown.wereNotAskedFor()
        && request.tenant().allows(AuthenticationMethod.CLIENT_CERTIFICATE)) {
      throw Rejection.Misdirected.NOT_ASKED_FOR_CERTIFICATE;
    }
    verifier.countRefused(TokenFault.CONFIRMATION);
    throw refusal(TokenFault.CONFIRMATION);
  }

  private Proof holder(Resolved request, Evidence evidence) {
    Tenant tenant = request.tenant();
    boolean byIssuers = tenant.allows(AuthenticationMethod.JWT);
    boolean byAsking = tenant.allows(AuthenticationMethod.INTROSPECTION);
    if (!byIssuers && !byAsking) {
      return Proof.NONE;
    }
    RequestHeaders headers = request.request().head().headers();
    String token = tokenIn(headers);
    if (token == null) {
      return Proof.NONE;
    }
    if (headers.hasManyCredentials()) {
      throw Rejection.Unauthenticated.BAD_CREDENTIAL;
    }
    UUID id = tenant.edge().id();
    TenantIssuers issuers = request.directory().identities().issuersOf(id);
    if (byIssuers) {
      Principal known = verifier.known(issuers, token, clock.millis());
      if (known != null) {
        return known;
      }
    }
    Optional<TenantIntrospection> asked =
        byAsking ? request.directory().identities().introspectionOf(id) : Optional.empty();
    if (asked.isPresent() && !(byIssuers && verifier.isOfOneOf(issuers, token))) {
      return introspector.read(asked.get(), token, evidence);
    }
    if (!byIssuers) {
      throw Rejection.Unauthenticated.BAD_CREDENTIAL;
    }
    return byKeys(issuers, token);
  }

  private static @Nullable String tokenIn(RequestHeaders headers) {
    String token = BearerScheme.tokenIn(headers.authorization());
    return token == null || SecretToken.looksLike(SecretToken.Kind.API_KEY, token) ? null : token;
  }

  private Proof byKeys(TenantIssuers issuers, String token) {
    return switch (verifier.verify(issuers, token, clock.millis())) {
      case TokenVerifier.Outcome.Verified(Principal principal) -> principal;
      case TokenVerifier.Outcome.KeysWanted(var fetched) ->
          new Authentication.Awaited(
              fetched.map(_ -> Optional.empty()), Rejection.IdentityProviderUnavailable.KEYS);
      case TokenVerifier.Outcome.KeysUnavailable() ->
          throw Rejection.IdentityProviderUnavailable.KEYS;
      case TokenVerifier.Outcome.Refused(TokenFault fault) -> throw refusal(fault);
    };
  }

  private static Rejection refusal(TokenFault fault) {
    return Rejection.Unauthenticated.token(fault.wireName(), fault.told());
  }
}
