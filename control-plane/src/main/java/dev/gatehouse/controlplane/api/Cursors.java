package dev.gatehouse.controlplane.api;

import dev.gatehouse.controlplane.secret.MasterKey;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * Opaque cursors of keyset pagination: the key of the last item that the caller has, signed for one
 * caller, list and filters, so that a cursor cannot be made up, moved or given away. Immutable; any
 * thread.
 */
public final class Cursors {
  private static final int MAC_LENGTH = 16;
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private final SecretKey key;

  /** Cursors signed with a key derived from the master key. */
  public Cursors(MasterKey masterKey) {
    this.key = masterKey.deriveMacKey("gatehouse cursor v1");
  }

  /**
   * A cursor behind an item.
   *
   * @param list what is listed, with its filters
   * @param lastKey the item's key
   */
  String encode(String list, String lastKey) {
    byte[] payload = lastKey.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(sign(list, payload));
    out.writeBytes(payload);
    return ENCODER.encodeToString(out.toByteArray());
  }

  /**
   * The key that {@link #encode} was given.
   *
   * @throws ProblemException {@code INVALID_CURSOR} if this list did not give the cursor
   */
  String decode(String list, String cursor) {
    byte[] bytes = bytesOf(cursor);
    if (bytes.length > MAC_LENGTH) {
      byte[] payload = Arrays.copyOfRange(bytes, MAC_LENGTH, bytes.length);
      if (MessageDigest.isEqual(Arrays.copyOf(bytes, MAC_LENGTH), sign(list, payload))) {
        return new String(payload, StandardCharsets.UTF_8);
      }
    }
    throw new ProblemException(
        Problem.INVALID_CURSOR,
        List.of(
            Fault.inParameter(
                "cursor", "must be a nextCursor of this list, asked with the same filters")));
  }

  /** Empty if it is no Base64 that {@link #encode} could have given. */
  private static byte[] bytesOf(String cursor) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(cursor);
      return ENCODER.encodeToString(bytes).equals(cursor) ? bytes : new byte[0];
    } catch (IllegalArgumentException _) {
      return new byte[0];
    }
  }

  private byte[] sign(String list, byte[] payload) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      mac.update(list.getBytes(StandardCharsets.UTF_8));
      mac.update((byte) 0);
      return Arrays.copyOf(mac.doFinal(payload), MAC_LENGTH);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has HMAC-SHA-256", e);
    }
  }
}
