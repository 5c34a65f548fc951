package dev.gatehouse.controlplane.secret;

/** Seals secrets, and opens what it sealed. */
public interface Sealer {
  /**
   * Encrypts.
   *
   * @param context where the secret belongs; {@link #open} needs the same
   */
  byte[] seal(byte[] secret, String context);

  /**
   * Decrypts what {@link #seal} gave.
   *
   * @throws IllegalStateException if it was sealed by another or for another context, or was
   *     altered
   */
  byte[] open(byte[] sealed, String context);
}
