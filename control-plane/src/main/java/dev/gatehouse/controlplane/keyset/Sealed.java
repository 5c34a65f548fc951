package dev.gatehouse.controlplane.keyset;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * How ciphertexts and signatures are written: {@code gk1.<key>.<bytes>} and {@code
 * gs1.<key>.<bytes>}, with the key's id in 8 hex digits and the rest in Base64url without padding.
 * There is one way to write each.
 */
enum Sealed {
  CIPHERTEXT("gk1."),
  SIGNATURE("gs1.");

  /** Of Tink's output prefix, before the key's id. */
  private static final byte TINK = 1;

  private static final int PREFIX_LENGTH = 5;
  private static final int NAME_LENGTH = 8;

  private final String scheme;

  Sealed(String scheme) {
    this.scheme = scheme;
  }

  /** What Tink gave, as text. */
  String write(byte[] bytes) {
    ByteBuffer from = ByteBuffer.wrap(bytes);
    if (from.get() != TINK) {
      throw new IllegalStateException("keys of tenants have ids");
    }
    String key = TenantKey.nameOf(from.getInt());
    byte[] rest = new byte[from.remaining()];
    from.get(rest);
    return scheme + key + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(rest);
  }

  /** What Tink takes; empty if the text is not what {@link #write} gives. */
  Optional<byte[]> read(String text) {
    int dot = scheme.length() + NAME_LENGTH;
    if (!text.startsWith(scheme) || text.length() <= dot || text.charAt(dot) != '.') {
      return Optional.empty();
    }
    try {
      int id = HexFormat.fromHexDigits(text, scheme.length(), dot);
      byte[] rest = Base64.getUrlDecoder().decode(text.substring(dot + 1));
      byte[] bytes =
          ByteBuffer.allocate(PREFIX_LENGTH + rest.length).put(TINK).putInt(id).put(rest).array();
      return write(bytes).equals(text) ? Optional.of(bytes) : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
