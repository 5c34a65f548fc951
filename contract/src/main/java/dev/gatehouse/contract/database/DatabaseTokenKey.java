package dev.gatehouse.contract.database;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Mints the tokens that {@code tenancy.enter} takes: HMAC-SHA-256 (RFC 2104), which PostgreSQL can
 * verify without an extension. A token is good in the databases that have the same key for the same
 * audience, for one tenant, until it ends. Immutable; any thread; never blocks.
 *
 * <p>118 characters, all of them lower-case letters and digits:
 *
 * <pre>
 *  0  gdt1        what it is
 *  4  8           the id of the key
 * 12  32          the tenant, hexadecimal
 * 44  10          when it ends, in seconds since 1970
 * 54  64          the HMAC of the audience, a zero byte and the 54 characters before, hexadecimal
 * </pre>
 */
public final class DatabaseTokenKey {
  /** Length of the secret, in bytes. */
  public static final int LENGTH = 32;

  /** Length of a token, in characters. */
  public static final int TOKEN_LENGTH = 118;

  private static final String PREFIX = "gdt1";
  private static final String ALGORITHM = "HmacSHA256";
  private static final Pattern ID = Pattern.compile("[0-9a-z]{8}");
  private static final long MOST_SECONDS = 9_999_999_999L;
  private static final int MOST_AUDIENCE = 200;

  private final String id;
  private final Mac keyed;

  /**
   * @param id 8 lower-case letters and digits that no other key of the database has
   * @param secret {@value #LENGTH} bytes; never logged
   * @param audience which databases a token is for; 1 to 200 characters
   * @throws IllegalArgumentException if one of them is not so; the message does not repeat the
   *     secret
   */
  public DatabaseTokenKey(String id, byte[] secret, String audience) {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "id must be 8 lower-case letters and digits, found \"" + id + "\"");
    }
    if (secret.length != LENGTH) {
      throw new IllegalArgumentException(
          "secret must have " + LENGTH + " bytes, found " + secret.length);
    }
    if (audience.isEmpty() || audience.length() > MOST_AUDIENCE || audience.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "audience must have 1 to " + MOST_AUDIENCE + " characters, none of them NUL");
    }
    this.id = id;
    try {
      this.keyed = Mac.getInstance(ALGORITHM);
      keyed.init(new SecretKeySpec(secret, ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has " + ALGORITHM, e);
    }
    keyed.update(audience.getBytes(UTF_8));
    keyed.update((byte) 0);
  }

  /** The key's id. */
  public String id() {
    return id;
  }

  /**
   * A token for a tenant.
   *
   * @param ends when it may not be entered with any more; a transaction that has entered goes on.
   *     Fractions of a second are left out
   * @throws IllegalArgumentException if that is before 1970 or has more than ten digits of seconds
   */
  public String mint(UUID tenant, Instant ends) {
    long seconds = ends.getEpochSecond();
    if (seconds < 0 || seconds > MOST_SECONDS) {
      throw new IllegalArgumentException("a token cannot end at " + ends);
    }
    String body =
        PREFIX
            + id
            + tenant.toString().replace("-", "")
            + String.format(Locale.ROOT, "%010d", seconds);
    return body + HexFormat.of().formatHex(fresh().doFinal(body.getBytes(US_ASCII)));
  }

  /** Keyed, and with the audience in it: what is computed once for all tokens. */
  private Mac fresh() {
    try {
      return (Mac) keyed.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the HMAC of every Java runtime can be copied", e);
    }
  }

  /** Says nothing of the secret. */
  @Override
  public String toString() {
    return "DatabaseTokenKey[" + id + "]";
  }
}
