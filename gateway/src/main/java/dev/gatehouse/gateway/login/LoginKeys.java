package dev.gatehouse.gateway.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.subtle.AesGcmJce;
import com.google.crypto.tink.subtle.Hkdf;
import dev.gatehouse.gateway.sign.LoginKey;
import dev.gatehouse.gateway.sign.SigningKeyRing;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * Seals what a browser keeps for the gateway while its user logs in, with a key that is derived for
 * one tenant and one host (RFC 5869). All gateways have the same keys, so that another one can go
 * on with a login.
 */
final class LoginKeys {
  private static final String LABEL = "gatehouse login 1";
  private static final int KEY_BYTES = 32;

  private LoginKeys() {}

  /**
   * Seals.
   *
   * @param cookie the name of the cookie that it is for: it is nothing in another
   * @return empty if there is no key whose time has come
   */
  static Optional<String> seal(
      SigningKeyRing ring, Instant now, UUID tenant, String host, String cookie, byte[] plain) {
    return ring.loginKeyAt(now)
        .map(key -> {
          try {
            byte[] sealed = aead(key, tenant, host).encrypt(plain, cookie.getBytes(UTF_8));
            return key.kid() + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
          } catch (GeneralSecurityException e) {
            throw new IllegalStateException("sealing a login failed", e);
          }
        });
  }

  /** Reads what {@link #seal} made; empty if it is not that. */
  static Optional<byte[]> open(
      SigningKeyRing ring, UUID tenant, String host, String cookie, String value) {
    int dot = value.indexOf('.');
    if (dot < 0) {
      return Optional.empty();
    }
    Optional<LoginKey> key = ring.loginKey(value.substring(0, dot));
    if (key.isEmpty()) {
      return Optional.empty();
    }
    try {
      byte[] sealed = Base64.getUrlDecoder().decode(value.substring(dot + 1));
      return Optional.of(aead(key.get(), tenant, host).decrypt(sealed, cookie.getBytes(UTF_8)));
    } catch (GeneralSecurityException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static AesGcmJce aead(LoginKey key, UUID tenant, String host)
      throws GeneralSecurityException {
    byte[] info = (LABEL + '\n' + tenant + '\n' + host).getBytes(UTF_8);
    return new AesGcmJce(
        Hkdf.computeHkdf("HMACSHA256", key.secret(), new byte[0], info, KEY_BYTES));
  }
}
