package dev.gatehouse.gateway.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.gateway.seal.Seal;
import dev.gatehouse.gateway.sign.LoginKey;
import dev.gatehouse.gateway.sign.SigningKeyRing;
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
          byte[] sealed = sealOf(key, tenant, host).seal(plain, cookie.getBytes(UTF_8));
          return key.kid() + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
        });
  }

  /** Reads what {@link #seal} made; empty if it is not that. */
  static Optional<byte[]> open(
      SigningKeyRing ring, UUID tenant, String host, String cookie, String value) {
    int dot = value.indexOf('.');
    if (dot < 0) {
      return Optional.empty();
    }
    byte[] sealed;
    try {
      sealed = Base64.getUrlDecoder().decode(value.substring(dot + 1));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
    return ring.loginKey(value.substring(0, dot))
        .flatMap(key -> sealOf(key, tenant, host).open(sealed, cookie.getBytes(UTF_8)));
  }

  private static Seal sealOf(LoginKey key, UUID tenant, String host) {
    String use = LABEL + '\n' + tenant + '\n' + host;
    return Seal.of(key.secret(), use.getBytes(UTF_8));
  }
}
