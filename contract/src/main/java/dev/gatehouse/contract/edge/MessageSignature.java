package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * That the gateway signs each request to a service as a whole (RFC 9421), besides the context.
 *
 * @param algorithm how
 * @param secret with HMAC, what the gateway and the service share: at least 32 bytes, in Base64url
 *     without padding; never logged. Absent with Ed25519, for which the gateways have a key
 * @param keyid with HMAC, as what the signature names the secret; the service's name if absent
 * @param contentDigest longest request body, in bytes, that is read whole, digested (RFC 9530) and
 *     covered by the signature, 1 to 1048576; bodies are passed on as they come, and not covered,
 *     if absent
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record MessageSignature(
    Algorithm algorithm,
    Optional<String> secret,
    Optional<String> keyid,
    OptionalInt contentDigest) {
  /** Of a secret, in bytes. */
  public static final int LEAST_SECRET = 32;

  private static final int MOST_SECRET = 256;
  private static final int MOST_DIGESTED = 1024 * 1024;
  private static final Pattern KEYID = Pattern.compile("[A-Za-z0-9._~-]{1,128}");

  /**
   * @throws IllegalArgumentException if there is a secret where there must be none, or none where
   *     there must be one, or something is out of its range
   */
  public MessageSignature {
    if (secret.isPresent() != (algorithm == Algorithm.HMAC_SHA256)) {
      throw new IllegalArgumentException(
          algorithm == Algorithm.HMAC_SHA256
              ? "hmac-sha256 needs a secret"
              : "secret is for hmac-sha256 alone: with ed25519 the gateways have their own keys");
    }
    if (keyid.isPresent() && algorithm != Algorithm.HMAC_SHA256) {
      throw new IllegalArgumentException("keyid is for hmac-sha256 alone");
    }
    secret.ifPresent(MessageSignature::bytesOf);
    keyid.ifPresent(MessageSignature::checkKeyid);
    contentDigest.ifPresent(most -> Range.check("contentDigest", most, 1, MOST_DIGESTED));
  }

  private static byte[] bytesOf(String secret) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(secret);
    } catch (IllegalArgumentException _) {
      // What it was is nobody's business.
      throw new IllegalArgumentException("secret must be Base64url");
    }
    Range.check("length of secret in bytes", bytes.length, LEAST_SECRET, MOST_SECRET);
    return bytes;
  }

  private static void checkKeyid(String keyid) {
    if (!KEYID.matcher(keyid).matches()) {
      throw new IllegalArgumentException(
          "keyid must be up to 128 letters, digits, dots, hyphens, underscores and tildes, found \""
              + keyid
              + "\"");
    }
  }

  /** The secret itself; empty with Ed25519. */
  public Optional<byte[]> secretBytes() {
    return secret.map(MessageSignature::bytesOf);
  }

  @Override
  public String toString() {
    return "MessageSignature[algorithm="
        + algorithm.wireName()
        + ", keyid="
        + keyid
        + ", contentDigest="
        + contentDigest
        + "]";
  }

  /** By which algorithm requests are signed. */
  public enum Algorithm implements WireName {
    /** By the gateways' own keys, whose public halves are in the JWKS. */
    ED25519("ed25519"),
    /** By a secret that the service shares with the gateways: less work for both. */
    HMAC_SHA256("hmac-sha256");

    private final String wireName;

    Algorithm(String wireName) {
      this.wireName = wireName;
    }

    @Override
    public String wireName() {
      return wireName;
    }

    /**
     * Reads {@link #wireName()} back.
     *
     * @throws IllegalArgumentException if there is no such algorithm
     */
    @JsonCreator
    public static Algorithm fromWireName(String name) {
      return WireName.parse("algorithm", values(), name);
    }
  }
}
