package dev.gatehouse.contract.signature;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/**
 * Signs messages with one key, always over the same components. Safe for use by many threads; never
 * blocks, so an event loop can call it, given a key with native cryptography or a shared secret.
 */
public final class MessageSigner {
  private final SigningKey key;
  private final SignatureBase base;
  private final String label;
  private final long lifetimeSeconds;
  private final String afterTimes;
  private final String afterNonce;

  /**
   * Makes a signer.
   *
   * @throws IllegalArgumentException if the profile has a component twice, or a tag that is not
   *     printable ASCII
   */
  public MessageSigner(SigningKey key, SignatureProfile profile) {
    this.key = key;
    this.base = SignatureBase.over(profile.components());
    this.label = profile.label();
    this.lifetimeSeconds = profile.lifetime().map(Duration::toSeconds).orElse(0L);
    StringBuilder text = new StringBuilder();
    SignatureParameters.appendText(text, "keyid", key.keyid());
    if (profile.namesAlgorithm()) {
      SignatureParameters.appendText(text, "alg", key.algorithm().registeredName());
    }
    this.afterTimes = text.toString();
    text.setLength(0);
    profile.tag().ifPresent(tag -> SignatureParameters.appendText(text, "tag", tag));
    this.afterNonce = text.toString();
  }

  /**
   * Signs a message.
   *
   * @param created now
   * @throws UnsignableMessageException if a component is absent, or cannot be signed
   */
  public SignatureHeaders sign(Message message, Instant created) throws UnsignableMessageException {
    return sign(message, created, "");
  }

  /**
   * Signs a message with a value that is used once, so that who verifies can tell a repetition.
   *
   * @param created now
   * @param nonce printable ASCII; none if empty
   * @throws UnsignableMessageException if a component is absent, or cannot be signed
   * @throws IllegalArgumentException if the nonce has other characters
   */
  public SignatureHeaders sign(Message message, Instant created, String nonce)
      throws UnsignableMessageException {
    StringBuilder text = new StringBuilder(256).append(base.list());
    text.append(";created=").append(created.getEpochSecond());
    if (lifetimeSeconds > 0) {
      text.append(";expires=").append(created.getEpochSecond() + lifetimeSeconds);
    }
    text.append(afterTimes);
    if (!nonce.isEmpty()) {
      SignatureParameters.appendText(text, "nonce", nonce);
    }
    String parameters = text.append(afterNonce).toString();

    // The base is ASCII: this charset is the fastest.
    byte[] signature = key.sign(base.of(message, parameters).getBytes(ISO_8859_1));
    return new SignatureHeaders(
        label + '=' + parameters,
        label + "=:" + Base64.getEncoder().encodeToString(signature) + ':');
  }
}
