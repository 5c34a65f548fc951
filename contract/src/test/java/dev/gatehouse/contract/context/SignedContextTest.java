package dev.gatehouse.contract.context;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.contract.database.DatabaseAccess;
import dev.gatehouse.contract.database.IsolationStrategy;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class SignedContextTest {
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final String key = SigningKeys.generate();
  private final ContextSigner signer = ContextSigner.of(key);
  private final String jwks = SigningKeys.publicJwks(List.of(key));
  private final ContextVerifier verifier = ContextVerifier.withKeys("app", jwks);

  private static TenantContext context(String service, Instant issuedAt, Instant expiresAt) {
    return new TenantContext(
        UUID.fromString("0197c0de-0000-7000-8000-000000000001"),
        "acme",
        "robot",
        Set.of("reader", "writer"),
        "api-key",
        service,
        issuedAt,
        expiresAt);
  }

  private TenantContext valid() {
    return context("app", now, now.plusSeconds(60));
  }

  private void assertRefused(String jws) {
    assertThatThrownBy(() -> verifier.verify(jws)).isInstanceOf(ContextRefusedException.class);
  }

  @Test
  void saysWhatWasSigned() throws Exception {
    assertThat(verifier.verify(signer.sign(valid()))).isEqualTo(valid());
  }

  @Test
  void refusesWhatWasIssuedInTheFuture() throws Exception {
    assertRefused(signer.sign(context("app", now.plusSeconds(30), now.plusSeconds(90))));
    verifier.verify(signer.sign(context("app", now.plusSeconds(2), now.plusSeconds(62))));
  }

  @Test
  void saysTheScopesOfTheCredential() throws Exception {
    TenantContext plain = valid();
    TenantContext scoped =
        new TenantContext(
            plain.tenantId(),
            plain.tenantSlug(),
            plain.subject(),
            plain.roles(),
            Set.of("orders:read", "orders:write"),
            plain.authenticatedBy(),
            plain.service(),
            plain.issuedAt(),
            plain.expiresAt());

    String jws = signer.sign(scoped);

    assertThat(verifier.verify(jws)).isEqualTo(scoped);
    assertThat(SignedJWT.parse(jws).getJWTClaimsSet().getClaim("scope"))
        .isEqualTo("orders:read orders:write");
    assertThat(SignedJWT.parse(signer.sign(plain)).getJWTClaimsSet().getClaims())
        .doesNotContainKey("scope");
  }

  @Test
  void saysWhereTheDataAre() throws Exception {
    TenantContext plain = valid();
    TenantContext placed =
        new TenantContext(
            plain.tenantId(),
            plain.tenantSlug(),
            plain.subject(),
            plain.roles(),
            plain.scopes(),
            plain.authenticatedBy(),
            plain.service(),
            plain.issuedAt(),
            plain.expiresAt(),
            Optional.of(new DatabaseAccess("eu-1", IsolationStrategy.DATABASE, "gdt1…")));

    TenantContext read = verifier.verify(signer.sign(placed));

    assertThat(read).isEqualTo(placed);
    assertThat(read.toString()).contains("eu-1").doesNotContain("gdt1");
  }

  @Test
  void verifiesWithEveryPublishedKey() throws Exception {
    String next = SigningKeys.generate();
    ContextVerifier both =
        ContextVerifier.withKeys("app", SigningKeys.publicJwks(List.of(key, next)));

    assertThat(both.verify(signer.sign(valid()))).isEqualTo(valid());
    assertThat(both.verify(ContextSigner.of(next).sign(valid()))).isEqualTo(valid());
  }

  @Test
  void refusesTheContextOfAnotherService() {
    assertRefused(signer.sign(context("billing", now, now.plusSeconds(60))));
  }

  @Test
  void refusesAContextThatHasExpired() {
    assertRefused(signer.sign(context("app", now.minusSeconds(120), now.minusSeconds(60))));
  }

  @Test
  void refusesTheSignatureOfAnotherKey() {
    assertRefused(ContextSigner.of(SigningKeys.generate()).sign(valid()));
  }

  @Test
  void refusesAnotherKeyUnderAKnownName() throws Exception {
    ECKey impostor =
        new ECKey.Builder(ECKey.parse(SigningKeys.generate()))
            .keyID(SigningKeys.kidOf(key))
            .build();

    assertRefused(ContextSigner.of(impostor.toJSONString()).sign(valid()));
  }

  @Test
  void refusesWhatIsNotSignedAtAll() throws Exception {
    JWTClaimsSet claims = SignedJWT.parse(signer.sign(valid())).getJWTClaimsSet();

    assertRefused(new PlainJWT(claims).serialize());
  }

  @Test
  void refusesThePublicKeyUsedAsASecret() throws Exception {
    byte[] publicKey = ECKey.parse(key).toPublicJWK().toJSONString().getBytes(UTF_8);

    assertRefused(signed(JWSAlgorithm.HS256, TenantContext.TYPE, new MACSigner(publicKey)));
  }

  @Test
  void refusesAJwtOfAnotherType() throws Exception {
    assertRefused(signed(JWSAlgorithm.ES256, "JWT", new ECDSASigner(ECKey.parse(key))));
  }

  private String signed(JWSAlgorithm algorithm, String type, JWSSigner with) throws Exception {
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(algorithm)
                .type(new JOSEObjectType(type))
                .keyID(SigningKeys.kidOf(key))
                .build(),
            SignedJWT.parse(signer.sign(valid())).getJWTClaimsSet());
    jwt.sign(with);
    return jwt.serialize();
  }

  @Test
  void refusesEveryTamperedCharacterOfTheClaims() {
    String jws = signer.sign(valid());
    int from = jws.indexOf('.') + 1;
    int to = jws.lastIndexOf('.');
    for (int i = from; i < to; i++) {
      char other = jws.charAt(i) == 'A' ? 'B' : 'A';
      assertRefused(jws.substring(0, i) + other + jws.substring(i + 1));
    }
  }

  @Test
  void refusesASignatureOfZeros() {
    String jws = signer.sign(valid());

    assertRefused(jws.substring(0, jws.lastIndexOf('.') + 1) + "A".repeat(86));
  }

  @Test
  void refusesUnreadWhatIsTooLong() {
    assertThatThrownBy(() -> verifier.verify("a".repeat(ContextVerifier.MAX_LENGTH + 1)))
        .isInstanceOf(ContextRefusedException.class)
        .hasMessageContaining("longer than");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "...", "a.b.c", "e30.e30.", "{}", "\u0000"})
  void refusesWhatIsNoToken(String text) {
    assertRefused(text);
  }

  @Test
  void publishesNoPrivatePart() {
    assertThat(jwks).contains(SigningKeys.kidOf(key)).doesNotContain("\"d\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "{\"kty\":\"oct\",\"k\":\"AAAA\"}", "[]"})
  void signsWithNothingElseThanAPrivateKey(String jwk) {
    assertThatIllegalArgumentException().isThrownBy(() -> ContextSigner.of(jwk));
  }

  @Test
  void doesNotSignWithAPublicKey() throws Exception {
    String publicKey = ECKey.parse(key).toPublicJWK().toJSONString();

    assertThatIllegalArgumentException().isThrownBy(() -> ContextSigner.of(publicKey));
  }
}
