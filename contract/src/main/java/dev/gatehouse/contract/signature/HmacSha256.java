package dev.gatehouse.contract.signature;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC with SHA-256 under one secret. Safe for use by many threads. */
final class HmacSha256 {
  /** RFC 2104 section 3: a shorter one is weaker than the hash. */
  static final int MIN_SECRET_LENGTH = 32;

  private static final String NAME = "HmacSHA256";

  private final Pool<Mac> macs;

  HmacSha256(byte[] secret, Optional<Provider> provider) {
    if (secret.length < MIN_SECRET_LENGTH) {
      throw new IllegalArgumentException(
          "a secret must have at least " + MIN_SECRET_LENGTH + " bytes, found " + secret.length);
    }
    SecretKeySpec key = new SecretKeySpec(secret, NAME);
    this.macs =
        new Pool<>(() -> {
          Mac mac =
              provider.isPresent() ? Mac.getInstance(NAME, provider.get()) : Mac.getInstance(NAME);
          mac.init(key);
          return mac;
        });
  }

  byte[] of(byte[] text) throws GeneralSecurityException {
    Mac mac = macs.take();
    byte[] code = mac.doFinal(text);
    macs.giveBack(mac);
    return code;
  }
}
