package dev.gatehouse.contract.context;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Signature;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * ES256 with signatures that are set up once and used again: to hand a native provider its key
 * takes as long as to sign. Safe for use by many threads; keeps as many signatures as threads ever
 * signed at once.
 */
final class PooledEcdsaSigner implements JWSSigner {
  /** The form that JWS wants (RFC 7518 section 3.4), without a detour over ASN.1. */
  private static final String ALGORITHM = "SHA256withECDSAinP1363Format";

  private final PrivateKey key;
  private final Optional<Provider> provider;
  private final Queue<Signature> idle = new ConcurrentLinkedQueue<>();

  PooledEcdsaSigner(PrivateKey key, Optional<Provider> provider) {
    this.key = key;
    this.provider = provider;
  }

  @Override
  public Base64URL sign(JWSHeader header, byte[] signingInput) throws JOSEException {
    try {
      Signature pooled = idle.poll();
      Signature signature = pooled == null ? newSignature() : pooled;
      signature.update(signingInput);
      Base64URL signed = Base64URL.encode(signature.sign());
      // Only one that did its work is ready for the next: signing resets it.
      idle.add(signature);
      return signed;
    } catch (GeneralSecurityException e) {
      throw new JOSEException("signing failed", e);
    }
  }

  private Signature newSignature() throws GeneralSecurityException {
    Signature signature =
        provider.isPresent()
            ? Signature.getInstance(ALGORITHM, provider.get())
            : Signature.getInstance(ALGORITHM);
    signature.initSign(key);
    return signature;
  }

  @Override
  public Set<JWSAlgorithm> supportedJWSAlgorithms() {
    return Set.of(JWSAlgorithm.ES256);
  }

  @Override
  public JCAContext getJCAContext() {
    return new JCAContext(provider.orElse(null), null);
  }
}
