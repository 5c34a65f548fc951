package dev.gatehouse.contract.context;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.Provider;
import java.text.ParseException;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Signs contexts with one ES256 key. Safe for use by many threads; never blocks. */
public final class ContextSigner {
  private final JWSSigner signer;
  private final JWSHeader header;

  private ContextSigner(JWSSigner signer, JWSHeader header) {
    this.signer = signer;
    this.header = header;
  }

  /**
   * Makes a signer from a private key, with the JDK's own cryptography.
   *
   * @param jwk a P-256 private key with a {@code kid}, as a JWK (RFC 7517)
   * @throws IllegalArgumentException if it is anything else
   */
  public static ContextSigner of(String jwk) {
    return of(jwk, Optional.empty());
  }

  /**
   * Makes a signer from a private key.
   *
   * @param jwk a P-256 private key with a {@code kid}, as a JWK (RFC 7517)
   * @param provider whose cryptography to use; the JDK's own if empty
   * @throws IllegalArgumentException if the key is anything else
   */
  public static ContextSigner of(String jwk, Optional<Provider> provider) {
    try {
      ECKey key = ECKey.parse(jwk);
      if (key.getKeyID() == null || !key.isPrivate()) {
        throw new IllegalArgumentException("a signing key must be a private EC key with a kid");
      }
      JWSHeader header =
          new JWSHeader.Builder(JWSAlgorithm.ES256)
              .type(new JOSEObjectType(TenantContext.TYPE))
              .keyID(key.getKeyID())
              .build();
      if (!Curve.P_256.equals(key.getCurve())) {
        throw new IllegalArgumentException("a signing key must be on the curve P-256");
      }
      return new ContextSigner(new PooledEcdsaSigner(key.toECPrivateKey(), provider), header);
    } catch (ParseException | JOSEException e) {
      throw new IllegalArgumentException("a signing key must be a P-256 private key as a JWK", e);
    }
  }

  /** Name of the key. */
  public String kid() {
    return header.getKeyID();
  }

  /**
   * Signs a context. Takes up to 0.15 ms of CPU: cache the result for as long as it lives.
   *
   * @return a compact JWS (RFC 7515 section 7.1)
   */
  public String sign(TenantContext context) {
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder()
            .issuer(TenantContext.ISSUER)
            .audience(context.service())
            .subject(context.subject())
            .issueTime(Date.from(context.issuedAt()))
            .expirationTime(Date.from(context.expiresAt()))
            .claim("tid", context.tenantId().toString())
            .claim("tenant", context.tenantSlug())
            .claim("roles", List.copyOf(context.roles()))
            .claim("amr", List.of(context.authenticatedBy()));
    if (!context.scopes().isEmpty()) {
      claims.claim("scope", context.scopes().stream().sorted().collect(Collectors.joining(" ")));
    }
    context
        .database()
        .ifPresent(access ->
            claims.claim(
                "db",
                Map.of(
                    "partition", access.partition(),
                    "strategy", access.strategy().wireName(),
                    "token", access.token())));
    SignedJWT jwt = new SignedJWT(header, claims.build());
    try {
      jwt.sign(signer);
    } catch (JOSEException e) {
      throw new IllegalStateException("signing with key " + kid() + " failed", e);
    }
    return jwt.serialize();
  }
}
