package dev.gatehouse.gateway.authenticate.cache;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * SHA-256 of a token, or of what a connection was begun with: what is kept of it does not let
 * anybody in who reads it.
 */
public record TokenDigest(long first, long second, long third, long fourth) {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  /** One for each event loop: it is set up once, and every token needs it. */
  private static final ThreadLocal<MessageDigest> SHA_256 =
      ThreadLocal.withInitial(TokenDigest::sha256);

  /** Of a token. */
  public static TokenDigest of(String token) {
    return read(SHA_256.get().digest(token.getBytes(ISO_8859_1)));
  }

  /** Of certificates, in their order; each says itself where it ends. */
  public static TokenDigest of(List<byte[]> certificates) {
    MessageDigest sha256 = SHA_256.get();
    certificates.forEach(sha256::update);
    return read(sha256.digest());
  }

  /** As text, in letters, digits, {@code -} and {@code _}. */
  public String toText() {
    byte[] bytes = new byte[4 * Long.BYTES];
    LONGS.set(bytes, 0, first);
    LONGS.set(bytes, 8, second);
    LONGS.set(bytes, 16, third);
    LONGS.set(bytes, 24, fourth);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Reads {@link #toText()} back; empty if the text is none. */
  public static Optional<TokenDigest> parse(String text) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(text);
      return bytes.length == 4 * Long.BYTES ? Optional.of(read(bytes)) : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static TokenDigest read(byte[] bytes) {
    return new TokenDigest(
        (long) LONGS.get(bytes, 0),
        (long) LONGS.get(bytes, 8),
        (long) LONGS.get(bytes, 16),
        (long) LONGS.get(bytes, 24));
  }

  /** It is as good as random. */
  @Override
  public int hashCode() {
    return (int) first;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
