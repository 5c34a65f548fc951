package dev.gatehouse.contract.token;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A bearer secret: {@code <prefix>_<id>_<secret>}, where the id is 16 hexadecimal digits and the
 * secret 256 random bits in base64url. The id finds the record; only the hash of the whole is ever
 * stored. A fast hash is the right one here: the secret is not guessable, unlike a password.
 */
public final class SecretToken {
  private static final int ID_LENGTH = 16;
  private static final int SECRET_LENGTH = 43;
  private static final MessageDigest SHA_256 = sha256();
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Kind kind;
  private final String text;

  private SecretToken(Kind kind, String text) {
    this.kind = kind;
    this.text = text;
  }

  /** Makes a new one. */
  public static SecretToken generate(Kind kind) {
    byte[] id = new byte[ID_LENGTH / 2];
    byte[] secret = new byte[32];
    RANDOM.nextBytes(id);
    RANDOM.nextBytes(secret);
    String encoded = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    return new SecretToken(kind, kind.prefix + HexFormat.of().formatHex(id) + "_" + encoded);
  }

  /**
   * Reads a token of the given kind; empty if the text does not have its form. Says nothing about
   * its validity.
   */
  public static Optional<SecretToken> parse(Kind kind, String text) {
    int idStart = kind.prefix.length();
    int secretStart = idStart + ID_LENGTH + 1;
    if (text.length() != secretStart + SECRET_LENGTH
        || !text.startsWith(kind.prefix)
        || text.charAt(secretStart - 1) != '_') {
      return Optional.empty();
    }
    for (int i = idStart; i < secretStart - 1; i++) {
      if (!HexFormat.isHexDigit(text.charAt(i)) || Character.isUpperCase(text.charAt(i))) {
        return Optional.empty();
      }
    }
    for (int i = secretStart; i < text.length(); i++) {
      if (!isBase64Url(text.charAt(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(new SecretToken(kind, text));
  }

  /**
   * Whether a text begins like a token of this kind; used to tell an API key from other bearer
   * tokens.
   */
  public static boolean looksLike(Kind kind, String text) {
    return text.startsWith(kind.prefix);
  }

  /** What it opens. */
  public Kind kind() {
    return kind;
  }

  /** The public part, by which its record is found. */
  public String id() {
    return text.substring(kind.prefix.length(), kind.prefix.length() + ID_LENGTH);
  }

  /** The whole secret, shown to its owner once. */
  public String reveal() {
    return text;
  }

  /** SHA-256 of the whole; what is stored in its place. */
  public byte[] hash() {
    try {
      // A copy of an unused digest is cheaper than to have one looked up.
      MessageDigest digest = (MessageDigest) SHA_256.clone();
      return digest.digest(text.getBytes(StandardCharsets.US_ASCII));
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's SHA-256 can be cloned", e);
    }
  }

  /** Compares with a stored hash in constant time. */
  public boolean matches(byte[] storedHash) {
    return MessageDigest.isEqual(hash(), storedHash);
  }

  /** The kind and id, without the secret. */
  @Override
  public String toString() {
    return kind.prefix + id() + "_…";
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  private static boolean isBase64Url(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_';
  }

  /** What a token opens. */
  public enum Kind {
    /** A tenant's API, at the gateway. */
    API_KEY("gh_"),
    /** The control plane's API. */
    OPERATOR("gho_"),
    /** The control plane's feed. */
    GATEWAY("ghg_"),
    /** The control plane's API, in the name of a user. */
    USER("ghu_"),
    /** The way into a tenant, once. */
    INVITATION("ghi_");

    private final String prefix;

    Kind(String prefix) {
      this.prefix = prefix;
    }

    /** What its tokens begin with, including the underscore. */
    public String prefix() {
      return prefix;
    }
  }
}
