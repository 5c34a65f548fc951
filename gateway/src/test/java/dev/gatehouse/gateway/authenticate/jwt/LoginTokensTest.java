package dev.gatehouse.gateway.authenticate.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.gatehouse.contract.edge.ClientCredentials;
import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import dev.gatehouse.contract.edge.OidcLogin;
import dev.gatehouse.gateway.TestIssuer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** ID tokens and logout tokens, and what is taken for neither. */
@Timeout(30)
class LoginTokensTest {
  private static final String CLIENT = "gatehouse";
  private static final Map<String, Object> LOGOUT =
      Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of());

  private TestIssuer issuer;
  private EdgeIdentityProvider provider;
  private TenantIssuers issuers;
  private TokenVerifier verifier;
  private LoginTokens tokens;

  @BeforeEach
  void start() throws Exception {
    issuer = new TestIssuer();
    provider = withLogin(issuer.of(UUID.randomUUID()));
    issuers = new TenantIssuers(List.of(provider));
    verifier =
        TokenVerifier.of(
            _ ->
                () -> Future.succeededFuture(new RemoteKeys.Fetched(keys(), Duration.ofMinutes(1))),
            Duration.ofSeconds(1),
            100,
            System::nanoTime,
            new SimpleMeterRegistry());
    tokens = new LoginTokens(verifier, InstantSource.system());
  }

  @AfterEach
  void stop() {
    issuer.close();
  }

  private KeySet keys() {
    try {
      return KeySet.parse(issuer.jwks());
    } catch (ParseException e) {
      throw new IllegalStateException(e);
    }
  }

  private static EdgeIdentityProvider withLogin(EdgeIdentityProvider p) {
    return new EdgeIdentityProvider(
        p.id(),
        p.tenantId(),
        p.name(),
        p.issuer(),
        p.keys(),
        Set.of(),
        p.algorithms(),
        p.clockSkew(),
        p.requiredClaims(),
        p.claims(),
        p.forwardToken(),
        p.validFrom(),
        p.revokedSubjects(),
        Optional.of(
            new OidcLogin(
                new ClientCredentials(CLIENT, Optional.empty(), Optional.empty()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty())));
  }

  private JWTClaimsSet.Builder id() {
    return issuer.claims().audience(CLIENT).claim("nonce", "n-1");
  }

  private JWTClaimsSet.Builder logout() {
    return issuer
        .claims()
        .audience(CLIENT)
        .claim("events", LOGOUT)
        .claim("sid", "s-1")
        .jwtID("j-1");
  }

  private Future<IdToken> idToken(JWTClaimsSet claims) throws JOSEException {
    return tokens.idToken(issuers, provider, issuer.token(claims), Optional.of("n-1"));
  }

  private static void assertRefused(Future<?> future, TokenFault fault) {
    assertThat(future.failed()).as("refused").isTrue();
    assertThat(future.cause()).isInstanceOf(TokenRefusedException.class);
    assertThat(((TokenRefusedException) future.cause()).fault()).isEqualTo(fault);
  }

  @Test
  void saysWhoLoggedIn() throws Exception {
    IdToken said = idToken(id().claim("sid", "s-1").build()).await();
    assertThat(said.sub()).isEqualTo("alice");
    assertThat(said.sid()).contains("s-1");
  }

  @Test
  @SuppressWarnings("JavaUtilDate") // It is what the builder takes.
  void refusesIdTokensThatAreNotOfThisLogin() throws Exception {
    Date past = Date.from(Instant.now().minusSeconds(60));
    assertRefused(idToken(id().claim("nonce", "n-2").build()), TokenFault.CLAIMS);
    assertRefused(idToken(id().claim("nonce", null).build()), TokenFault.CLAIMS);
    assertRefused(idToken(id().audience("another").build()), TokenFault.AUDIENCE);
    assertRefused(idToken(id().audience(List.of(CLIENT, "another")).build()), TokenFault.AUDIENCE);
    assertRefused(idToken(id().claim("azp", "another").build()), TokenFault.AUDIENCE);
    assertRefused(idToken(id().expirationTime(past).build()), TokenFault.EXPIRED);
    assertRefused(idToken(id().issueTime(null).build()), TokenFault.CLAIMS);
    assertRefused(idToken(id().issuer("https://evil.example").build()), TokenFault.UNKNOWN_ISSUER);
    assertThat(
            idToken(id().audience(List.of(CLIENT, "b")).claim("azp", CLIENT).build()).succeeded())
        .isTrue();
  }

  /** What comes of a token in the place of a bearer token, once the keys are there. */
  private TokenVerifier.Outcome asBearer(TenantIssuers of, JWTClaimsSet claims)
      throws JOSEException {
    String token = issuer.token(claims);
    verifier.verify(of, token, System.currentTimeMillis());
    return verifier.verify(of, token, System.currentTimeMillis());
  }

  @Test
  void takesNoIdTokenForABearerToken() throws Exception {
    assertThat(asBearer(issuers, id().build()))
        .isEqualTo(new TokenVerifier.Outcome.Refused(TokenFault.AUDIENCE));
    TenantIssuers bearers = new TenantIssuers(List.of(issuer.of(provider.tenantId())));
    assertThat(asBearer(bearers, issuer.claims().build()))
        .isInstanceOf(TokenVerifier.Outcome.Verified.class);
    assertThat(asBearer(bearers, id().audience(TestIssuer.AUDIENCE).build()))
        .isEqualTo(new TokenVerifier.Outcome.Refused(TokenFault.TYPE));
  }

  @Test
  void takesNoLogoutTokenForABearerToken() throws Exception {
    TenantIssuers bearers = new TenantIssuers(List.of(issuer.of(provider.tenantId())));
    assertThat(asBearer(bearers, logout().audience(TestIssuer.AUDIENCE).build()))
        .isEqualTo(new TokenVerifier.Outcome.Refused(TokenFault.TYPE));
  }

  @Test
  void takesNoTokenOfAnotherProviderOfTheTenant() throws Exception {
    try (TestIssuer second = new TestIssuer()) {
      EdgeIdentityProvider other = withLogin(second.of(provider.tenantId()));
      TenantIssuers both = new TenantIssuers(List.of(provider, other));
      assertRefused(
          tokens.idToken(both, other, issuer.token(id().build()), Optional.of("n-1")),
          TokenFault.UNKNOWN_ISSUER);
    }
  }

  @Test
  void saysWhoseSessionsEnd() throws Exception {
    LogoutToken said = tokens.logoutToken(issuers, issuer.token(logout().build())).await();
    assertThat(said.sid()).contains("s-1");
    assertThat(said.sub()).contains("alice");
  }

  @Test
  void refusesWhatIsNoLogoutToken() throws Exception {
    for (JWTClaimsSet claims :
        List.of(
            logout().claim("events", null).build(),
            logout().claim("events", Map.of("another", Map.of())).build(),
            logout().claim("nonce", "n-1").build(),
            logout().jwtID(null).build(),
            logout().subject(null).claim("sid", null).build())) {
      assertRefused(tokens.logoutToken(issuers, issuer.token(claims)), TokenFault.CLAIMS);
    }
    assertRefused(
        tokens.logoutToken(issuers, issuer.token(logout().audience("b").build())),
        TokenFault.AUDIENCE);
    assertRefused(tokens.logoutToken(issuers, issuer.token(id().build())), TokenFault.CLAIMS);
    assertRefused(tokens.logoutToken(issuers, "a.b.c"), TokenFault.MALFORMED);
  }

  @Test
  void takesNothingFromAProviderWithoutLogin() throws Exception {
    EdgeIdentityProvider plain = issuer.of(provider.tenantId());
    assertRefused(
        tokens.logoutToken(new TenantIssuers(List.of(plain)), issuer.token(logout().build())),
        TokenFault.UNKNOWN_ISSUER);
  }
}
