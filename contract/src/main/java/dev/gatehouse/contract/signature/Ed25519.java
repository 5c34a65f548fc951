package dev.gatehouse.contract.signature;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Signature;
import java.util.Optional;

/** What signing and verifying by Ed25519 (RFC 8032) have in common. */
final class Ed25519 {
  /** Of public keys, in bytes. */
  static final int KEY_LENGTH = 32;

  private Ed25519() {}

  /**
   * One that has no key yet.
   *
   * @param provider whose it is; the JDK's own if empty
   */
  static Signature newSignature(Optional<Provider> provider) throws GeneralSecurityException {
    return provider.isPresent()
        ? Signature.getInstance("Ed25519", provider.get())
        : Signature.getInstance("Ed25519");
  }
}
