package dev.gatehouse.gateway.authenticate.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.edge.ClaimMapping;
import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import dev.gatehouse.contract.edge.IssuerKeys;
import dev.gatehouse.contract.edge.JwsAlgorithm;
import dev.gatehouse.gateway.TestIssuer;
import dev.gatehouse.gateway.authenticate.Principal;
import dev.gatehouse.gateway.authenticate.jwt.TokenVerifier.Outcome;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a token must be to let anybody in, and what it cannot do. */
@Timeout(60)
@SuppressWarnings("JavaUtilDate") // It is what tokens are built with.
class TokenVerifierTest {
  private static final UUID TENANT = UUID.randomUUID();

  private final TestIssuer issuer = issuer();
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger fetches = new AtomicInteger();
  private final Queue<Future<RemoteKeys.Fetched>> answers = new ArrayDeque<>();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final TokenVerifier verifier =
      TokenVerifier.of(this::fetchesOf, Duration.ofSeconds(30), 10, nanos::get, metrics);
  private TenantIssuers issuers = trusting(issuer.of(TENANT));

  private static TestIssuer issuer() {
    try {
      return new TestIssuer();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void stop() {
    issuer.close();
  }

  private RemoteKeys.Fetch fetchesOf(URI url) {
    return () -> {
      fetches.incrementAndGet();
      Future<RemoteKeys.Fetched> prepared = answers.poll();
      return prepared == null ? fetched(issuer.jwks()) : prepared;
    };
  }

  private static Future<RemoteKeys.Fetched> fetched(String jwks) {
    try {
      return Future.succeededFuture(
          new RemoteKeys.Fetched(KeySet.parse(jwks), Duration.ofMinutes(10)));
    } catch (Exception e) {
      return Future.failedFuture(e);
    }
  }

  private static TenantIssuers trusting(EdgeIdentityProvider... providers) {
    return new TenantIssuers(List.of(providers));
  }

  private static EdgeIdentityProvider with(
      EdgeIdentityProvider p,
      Optional<Set<JwsAlgorithm>> algorithms,
      Optional<Map<String, String>> required,
      Optional<ClaimMapping> claims,
      Optional<Instant> validFrom,
      Optional<Map<String, Instant>> revoked) {
    return new EdgeIdentityProvider(
        p.id(),
        p.tenantId(),
        p.name(),
        p.issuer(),
        p.keys(),
        p.audiences(),
        algorithms,
        p.clockSkew(),
        required,
        claims,
        p.forwardToken(),
        validFrom,
        revoked,
        Optional.empty());
  }

  private static EdgeIdentityProvider mapping(EdgeIdentityProvider p, ClaimMapping claims) {
    return with(
        p,
        Optional.empty(),
        Optional.empty(),
        Optional.of(claims),
        Optional.empty(),
        Optional.empty());
  }

  /** As a request sees it: it waits for keys once. */
  private Outcome verify(String token) {
    return verify(issuers, token);
  }

  private Outcome verify(TenantIssuers by, String token) {
    Outcome first = verifier.verify(by, token, System.currentTimeMillis());
    return first instanceof Outcome.KeysWanted
        ? verifier.verify(by, token, System.currentTimeMillis())
        : first;
  }

  private Principal accepted(String token) {
    Outcome outcome = verify(token);
    assertThat(outcome).isInstanceOf(Outcome.Verified.class);
    return ((Outcome.Verified) outcome).principal();
  }

  private void assertRefused(String token, TokenFault fault) {
    assertThat(verify(token)).isEqualTo(new Outcome.Refused(fault));
  }

  private String signed(JWSHeader header) throws JOSEException {
    SignedJWT jwt = new SignedJWT(header, issuer.claims().build());
    jwt.sign(new ECDSASigner(issuer.key()));
    return jwt.serialize();
  }

  private JWSHeader.Builder header() {
    return new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k1");
  }

  private static String part(String json) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  /** Right in all but what the payload's text is. */
  private String signedText(String payload) throws JOSEException {
    JWSHeader header = header().build();
    String input = header.toBase64URL() + "." + part(payload);
    return input
        + "."
        + new ECDSASigner(issuer.key()).sign(header, input.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void tellsWhoTheHolderIs() throws Exception {
    Principal alice = accepted(issuer.token(issuer.claims().claim("scope", "read write").build()));
    assertThat(alice.subject()).isEqualTo("alice");
    assertThat(alice.method()).isEqualTo(AuthenticationMethod.JWT);
    assertThat(alice.scopes()).containsExactlyInAnyOrder("read", "write");
    assertThat(alice.roles()).isEmpty();
    assertThat(alice.credential().withholdsAuthorization()).isTrue();
  }

  @Test
  void mapsClaims() throws Exception {
    issuers =
        trusting(
            mapping(
                issuer.of(TENANT),
                new ClaimMapping(
                    Optional.of("email"),
                    Optional.of("/realm_access/roles"),
                    Optional.of("scp"),
                    Optional.of(Map.of("idp-admin", "admin")))));
    Principal mapped =
        accepted(
            issuer.token(
                issuer
                    .claims()
                    .claim("email", "a@x.example")
                    .claim("realm_access", Map.of("roles", List.of("idp-admin", "other", 7)))
                    .claim("scp", List.of("read"))
                    .build()));
    assertThat(mapped.subject()).isEqualTo("a@x.example");
    assertThat(mapped.roles()).containsExactly("admin");
    assertThat(mapped.scopes()).containsExactly("read");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "None", "NONE", "nOnE"})
  void refusesNoneInAnyCase(String none) {
    String unsigned =
        part("{\"alg\":\"" + none + "\"}") + "." + part(issuer.claims().build().toString()) + ".";
    assertThat(verify(unsigned)).isInstanceOf(Outcome.Refused.class);
    assertThat(verify(new PlainJWT(issuer.claims().build()).serialize()))
        .isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void refusesAnHmacWithThePublicKeyAsItsSecret() throws Exception {
    for (byte[] secret :
        List.of(
            issuer.key().toECPublicKey().getEncoded(),
            issuer.jwks().getBytes(StandardCharsets.UTF_8),
            issuer.key().toPublicJWK().toString().getBytes(StandardCharsets.UTF_8))) {
      SignedJWT jwt =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("k1").build(),
              issuer.claims().build());
      jwt.sign(new MACSigner(secret));
      assertRefused(jwt.serialize(), TokenFault.ALGORITHM);
    }
  }

  @Test
  void refusesAnAlgorithmThatTheTenantDoesNotAllow() throws Exception {
    issuers =
        trusting(
            with(
                issuer.of(TENANT),
                Optional.of(Set.of(JwsAlgorithm.PS512)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    assertRefused(issuer.token(), TokenFault.ALGORITHM);
    assertThat(fetches).hasValue(0);
  }

  @Test
  void takesNoKeyFromTheToken() throws Exception {
    ECKey own = new TestKeys().key("k1");
    for (JWSHeader header :
        List.of(
            header().jwk(own.toPublicJWK()).build(),
            header().jwkURL(URI.create("http://127.0.0.1:1/jwks")).build(),
            header().x509CertURL(URI.create("http://127.0.0.1:1/x5u")).build())) {
      SignedJWT jwt = new SignedJWT(header, issuer.claims().build());
      jwt.sign(new ECDSASigner(own));
      assertRefused(jwt.serialize(), TokenFault.SIGNATURE);
    }
    assertThat(fetches).as("one for the keys, none by a token").hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../etc/passwd", "' OR 1=1 --", "http://127.0.0.1/k", "k1\\u0000"})
  void looksForAStrangeKidAmongTheKeysOnly(String kid) throws Exception {
    accepted(issuer.token());
    assertRefused(signed(header().keyID(kid).build()), TokenFault.UNKNOWN_KEY);
    assertThat(fetches).hasValue(1);
  }

  @Test
  void refusesWhatItDoesNotUnderstand() throws Exception {
    String crit =
        part("{\"alg\":\"ES256\",\"kid\":\"k1\",\"crit\":[\"exp\"],\"exp\":1}")
            + "."
            + part(issuer.claims().build().toString())
            + ".AAAA";
    assertRefused(crit, TokenFault.MALFORMED);
    assertRefused(signed(header().type(new JOSEObjectType("logout+jwt")).build()), TokenFault.TYPE);
    assertRefused(
        signed(header().type(new JOSEObjectType("gatehouse-context+jwt")).build()),
        TokenFault.TYPE);
    accepted(signed(header().type(new JOSEObjectType("AT+JWT")).build()));
    accepted(signed(header().build()));
  }

  @ParameterizedTest
  @CsvSource({
    "exp, -31, EXPIRED",
    "nbf, 35, NOT_YET_VALID",
    "iat, 35, NOT_YET_VALID",
  })
  void refusesWhatIsNotForNow(String claim, long fromNow, TokenFault fault) throws Exception {
    Date time = Date.from(Instant.now().plusSeconds(fromNow));
    assertRefused(issuer.token(issuer.claims().claim(claim, time).build()), fault);
  }

  @Test
  void forgivesASmallDifferenceOfClocks() throws Exception {
    Date soon = Date.from(Instant.now().plusSeconds(20));
    Date justNow = Date.from(Instant.now().minusSeconds(15));
    accepted(
        issuer.token(
            issuer.claims().notBeforeTime(soon).issueTime(soon).expirationTime(justNow).build()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"iss\":\"ISS\",\"aud\":\"AUD\",\"sub\":\"a\"}",
        "{\"iss\":\"ISS\",\"aud\":\"AUD\",\"sub\":\"a\",\"exp\":\"tomorrow\"}",
        "{\"iss\":\"ISS\",\"aud\":\"AUD\",\"sub\":\"a\",\"exp\":[9999999999]}",
        "{\"iss\":\"ISS\",\"aud\":\"AUD\",\"sub\":\"a\",\"exp\":9999999999,\"nbf\":\"x\"}",
        "{\"iss\":\"ISS\",\"aud\":\"AUD\",\"sub\":[\"a\"],\"exp\":9999999999}",
        "{\"iss\":\"ISS\",\"aud\":\"AUD\",\"sub\":\"\",\"exp\":9999999999}",
        "{\"iss\":\"ISS\",\"aud\":\"AUD\",\"exp\":9999999999}",
        "{\"iss\":\"ISS\",\"sub\":\"a\",\"exp\":9999999999}",
        "{\"iss\":\"ISS\",\"aud\":[],\"sub\":\"a\",\"exp\":9999999999}",
        "{\"iss\":\"ISS\",\"aud\":\"other\",\"sub\":\"a\",\"exp\":9999999999}",
        "{\"iss\":\"ISSx\",\"aud\":\"AUD\",\"sub\":\"a\",\"exp\":9999999999}",
        "{\"iss\":[\"ISS\"],\"aud\":\"AUD\",\"sub\":\"a\",\"exp\":9999999999}",
        "{\"aud\":\"AUD\",\"sub\":\"a\",\"exp\":9999999999}",
        "{\"iss\":\"evil\",\"iss\":\"ISS\",\"aud\":\"AUD\",\"sub\":\"a\",\"exp\":9999999999}",
        "{\"iss\":\"ISS\",\"aud\":\"AUD\",\"sub\":\"a\",\"sub\":\"b\",\"exp\":9999999999}",
        "{\"iss\":\"ISS\",\"aud\":\"AUD\",\"sub\":\"a\",\"exp\":1e400}",
        "{\"iss\":\"ISS\",\"aud\":\"AUD\",\"sub\":\"a\",\"exp\":9999999999,\"nbf\":1e30}",
        "{\"iss\":\"ISS\",\"aud\":\"AUD\",\"sub\":\"a\",\"exp\":9999999999,\"iat\":1e30}",
        "{\"iss\":\"ISS\",\"aud\":\"AUD\",\"sub\":\"a\",\"exp\":9999999999,\"nbf\":18446744073709551}",
        "[]",
        "7",
        "",
      })
  void refusesClaimsThatAreNotAsTheyMustBe(String payload) throws Exception {
    String text = payload.replace("ISS", issuer.name).replace("AUD", TestIssuer.AUDIENCE);
    assertThat(verify(signedText(text))).isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void acceptsThemWhereTheyAre() throws Exception {
    accepted(
        signedText(
            "{\"iss\":\"%s\",\"aud\":[\"x\",\"%s\"],\"sub\":\"a\",\"exp\":9999999999}"
                .formatted(issuer.name, TestIssuer.AUDIENCE)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonce", "at_hash", "c_hash"})
  void refusesIdTokens(String claim) throws Exception {
    assertRefused(issuer.token(issuer.claims().claim(claim, "x").build()), TokenFault.TYPE);
  }

  @Test
  void isBounded() throws Exception {
    String deep = "{\"a\":".repeat(1500) + "1" + "}".repeat(1500);
    assertThat(verify(signedText(deep))).isInstanceOf(Outcome.Refused.class);
    assertRefused("a".repeat(TokenVerifier.MAX_LENGTH + 1), TokenFault.MALFORMED);
    JWTClaimsSet manyRoles =
        issuer.claims().claim("scope", "role ".repeat(10) + "x".repeat(4000)).build();
    assertRefused(issuer.token(manyRoles), TokenFault.CLAIMS);
    assertRefused(
        issuer.token(issuer.claims().subject("s".repeat(256)).build()), TokenFault.CLAIMS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a.b.c", "a.b", "a.b.c.d.e", "e30.e30.e30", "💣.💣.💣"})
  void refusesWhatIsNoToken(String text) {
    assertRefused(text, TokenFault.MALFORMED);
  }

  /** Each would be verified anew, and push another token out of what is known. */
  @Test
  void refusesOtherSpellingsOfAGenuineToken() throws Exception {
    String token = issuer.token();
    accepted(token);
    String start = token.substring(0, token.length() - 1);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    char surplus = alphabet.charAt(alphabet.indexOf(token.charAt(token.length() - 1)) + 1);
    for (String spelling :
        List.of(
            token + "=",
            token + "==",
            token + "~",
            start + "!" + token.charAt(token.length() - 1),
            start + " " + token.charAt(token.length() - 1),
            start + surplus)) {
      assertRefused(spelling, TokenFault.MALFORMED);
    }
  }

  @Test
  void refusesSignaturesOfNothing() throws Exception {
    String token = issuer.token();
    String unsigned = token.substring(0, token.lastIndexOf('.') + 1);
    for (byte[] signature : List.of(new byte[0], new byte[64], new byte[63], new byte[65])) {
      String text = Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
      assertThat(verify(unsigned + text)).isInstanceOf(Outcome.Refused.class);
    }
  }

  @Test
  void requiresClaims() throws Exception {
    issuers =
        trusting(
            with(
                issuer.of(TENANT),
                Optional.empty(),
                Optional.of(Map.of("hd", "acme.example", "/org/ids", "7")),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    Map<String, Object> org = Map.of("ids", List.of(6, 7));
    accepted(issuer.token(issuer.claims().claim("hd", "acme.example").claim("org", org).build()));
    assertRefused(issuer.token(issuer.claims().claim("org", org).build()), TokenFault.CLAIMS);
    assertRefused(
        issuer.token(issuer.claims().claim("hd", "x.example").claim("org", org).build()),
        TokenFault.CLAIMS);
  }

  @Test
  void refusesRevokedTokens() throws Exception {
    Instant now = Instant.now();
    String before = issuer.token();
    issuers =
        trusting(
            with(
                issuer.of(TENANT),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Map.of("alice", now.plusSeconds(1)))));
    assertRefused(before, TokenFault.REVOKED);
    accepted(issuer.token(issuer.claims().subject("bob").build()));
    accepted(issuer.token(issuer.claims().issueTime(Date.from(now.plusSeconds(10))).build()));
    assertRefused(issuer.token(issuer.claims().issueTime(null).build()), TokenFault.REVOKED);
  }

  /** A parser's own faults must not become the gateway's. */
  @ParameterizedTest
  @ValueSource(strings = {"null", "[]", "1", "\"x\"", "{}", "{\"alg\":null}", "{\"alg\":[]}"})
  void refusesHeadersThatAreNone(String header) {
    for (String payload : List.of("{}", "null", "[]")) {
      assertRefused(part(header) + "." + part(payload) + ".AA", TokenFault.MALFORMED);
    }
  }

  @Test
  void refusesAnAudienceOfNothing() throws Exception {
    String text =
        "{\"iss\":\"%s\",\"aud\":[null],\"sub\":\"a\",\"exp\":9999999999}".formatted(issuer.name);
    assertRefused(signedText(text), TokenFault.AUDIENCE);
  }

  @Test
  void revokesByTheMappedSubjectAndByTheIssuersOwn() throws Exception {
    ClaimMapping byOid =
        new ClaimMapping(Optional.of("oid"), Optional.empty(), Optional.empty(), Optional.empty());
    String token = issuer.token(issuer.claims().claim("oid", "o-1").build());
    for (String name : List.of("o-1", "alice")) {
      issuers =
          trusting(
              with(
                  issuer.of(TENANT),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.of(byOid),
                  Optional.empty(),
                  Optional.of(Map.of(name, Instant.now().plusSeconds(1)))));
      assertRefused(token, TokenFault.REVOKED);
    }
  }

  @Test
  void leavesOutKeysThatItCannotRead() throws Exception {
    String odd =
        "{\"keys\":[null,7,{},{\"kty\":\"EC\",\"crv\":\"P-999\",\"x\":\"AA\",\"y\":\"AA\"},"
            + "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"},";
    answers.add(fetched(odd + issuer.jwks().substring(issuer.jwks().indexOf('[') + 1)));
    accepted(issuer.token());
  }

  @Test
  void knowsATokenForTenMinutesAtMost() throws Exception {
    String token =
        issuer.token(
            issuer.claims().expirationTime(Date.from(Instant.now().plusSeconds(86_400))).build());
    accepted(token);
    long now = System.currentTimeMillis();
    assertThat(verifier.known(issuers, token, now + TimeUnit.MINUTES.toMillis(9))).isNotNull();
    assertThat(verifier.known(issuers, token, now + TimeUnit.MINUTES.toMillis(10))).isNull();
  }

  @Test
  void isNothingAtAnotherTenantWithTheSameKid() throws Exception {
    try (TestIssuer other = new TestIssuer()) {
      issuers = trusting(other.of(TENANT));
      assertRefused(issuer.token(), TokenFault.UNKNOWN_ISSUER);
      String forged = TestIssuer.sign(other.claims().build(), issuer.key());
      answers.add(fetched(other.jwks()));
      assertRefused(forged, TokenFault.SIGNATURE);
    }
  }

  @Test
  void knowsATokenAgainUntilItIsOver() throws Exception {
    String token = issuer.token();
    long now = System.currentTimeMillis();
    assertThat(verifier.known(issuers, token, now)).isNull();
    Principal verified = accepted(token);
    assertThat(verifier.known(issuers, token, now)).isSameAs(verified);
    assertThat(verifier.known(issuers, token + "x", now)).isNull();
    long over = now + TimeUnit.SECONDS.toMillis(331);
    assertThat(verifier.known(issuers, token, over)).isNull();
    assertThat(verifier.known(trusting(issuer.of(TENANT)), token, now))
        .as("what changes of the issuers empties it")
        .isNull();
  }

  @Test
  void remembersNoMoreTokensThanItMay() throws Exception {
    String first = issuer.token(issuer.claims().jwtID("first").build());
    accepted(first);
    for (int i = 0; i < 10; i++) {
      accepted(issuer.token(issuer.claims().jwtID("t" + i).build()));
    }
    assertThat(verifier.known(issuers, first, System.currentTimeMillis())).isNull();
    accepted(first);
  }

  @Test
  void fetchesAgainForAnUnknownKeyOncePerInterval() throws Exception {
    accepted(issuer.token());
    ECKey next = issuer.addKey("k2");
    assertRefused(TestIssuer.sign(issuer.claims().build(), next), TokenFault.UNKNOWN_KEY);
    assertThat(fetches).as("too early").hasValue(1);

    nanos.addAndGet(TimeUnit.SECONDS.toNanos(30));
    accepted(TestIssuer.sign(issuer.claims().build(), next));
    assertThat(fetches).hasValue(2);
    for (int i = 0; i < 100; i++) {
      assertRefused(signed(header().keyID("unknown-" + i).build()), TokenFault.UNKNOWN_KEY);
    }
    assertThat(fetches).hasValue(2);
  }

  @Test
  void keepsKeysWhileTheIssuerIsDown() throws Exception {
    accepted(issuer.token());
    for (int hour = 1; hour < 24; hour++) {
      nanos.addAndGet(TimeUnit.HOURS.toNanos(1));
      answers.add(Future.failedFuture("down"));
      accepted(issuer.token());
    }
    nanos.addAndGet(TimeUnit.HOURS.toNanos(1));
    answers.add(Future.failedFuture("down"));
    assertThat(verify(issuer.token())).isInstanceOf(Outcome.KeysUnavailable.class);
    nanos.addAndGet(TimeUnit.HOURS.toNanos(1));
    accepted(issuer.token());
  }

  @Test
  void saysThatKeysCannotBeHad() throws Exception {
    answers.add(Future.failedFuture("down"));
    assertThat(verify(issuer.token())).isInstanceOf(Outcome.KeysUnavailable.class);
    assertThat(fetches).as("not again at once").hasValue(1);
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
    accepted(issuer.token());
  }

  @Test
  void verifiesByKeysThatWereGivenInFull() throws Exception {
    EdgeIdentityProvider remote = issuer.of(TENANT);
    issuers =
        trusting(
            EdgeIdentityProvider.of(
                remote.id(),
                TENANT,
                "inline",
                issuer.name,
                new IssuerKeys(
                    Optional.empty(),
                    Optional.of(
                        new com.fasterxml.jackson.databind.ObjectMapper().readTree(issuer.jwks()))),
                remote.audiences()));
    accepted(issuer.token());
    assertThat(fetches).hasValue(0);
    assertRefused(signed(header().keyID("k9").build()), TokenFault.UNKNOWN_KEY);
  }

  /** Keys of nobody. */
  private static final class TestKeys {
    ECKey key(String kid) throws JOSEException {
      return new com.nimbusds.jose.jwk.gen.ECKeyGenerator(com.nimbusds.jose.jwk.Curve.P_256)
          .keyID(kid)
          .generate();
    }
  }
}
