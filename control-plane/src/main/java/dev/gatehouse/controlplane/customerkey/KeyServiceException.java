package dev.gatehouse.controlplane.customerkey;

import java.security.GeneralSecurityException;

/** A key service did not do what it was asked for. The message says why, as part of a sentence. */
public final class KeyServiceException extends GeneralSecurityException {
  private final boolean refused;

  private KeyServiceException(boolean refused, String reason) {
    super(reason);
    this.refused = refused;
  }

  /** It says no, and will say so again. */
  static KeyServiceException refused(String reason) {
    return new KeyServiceException(true, reason);
  }

  /** It cannot be asked at the moment. */
  static KeyServiceException unreachable(String reason) {
    return new KeyServiceException(false, reason);
  }

  /** Whether it has said no, and was not only out of reach. */
  boolean isRefused() {
    return refused;
  }
}
