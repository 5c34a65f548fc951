package dev.gatehouse.gateway.directory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * SipHash-2-4 with 128 bits of result (Aumasson and Bernstein, <a
 * href="https://www.aumasson.jp/siphash/">SipHash: a fast short-input PRF</a>). Hosts come from
 * outside: under a hash that anyone can compute, whoever may register domains could make two of
 * them look the same, or a thousand meet in one place. Here the key is secret.
 *
 * @param key0 first half of the key
 * @param key1 second half of the key
 */
record HostHash(long key0, long key1) {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** With a key that nobody knows. */
  static HostHash random() {
    SecureRandom random = new SecureRandom();
    return new HostHash(random.nextLong(), random.nextLong());
  }

  Fingerprint of(byte[] text) {
    long v0 = key0 ^ 0x736f6d6570736575L;
    long v1 = key1 ^ 0x646f72616e646f6dL ^ 0xee;
    long v2 = key0 ^ 0x6c7967656e657261L;
    long v3 = key1 ^ 0x7465646279746573L;
    long first = 0;
    int words = text.length / Long.BYTES;
    // The words of the text, one with what remains and the length, two for each half of the result.
    for (int step = 0; step <= words + 4; step++) {
      long word = 0;
      if (step < words) {
        word = (long) LONGS.get(text, step * Long.BYTES);
      } else if (step == words) {
        word = lastWord(text, words * Long.BYTES);
      } else if (step == words + 1) {
        v2 ^= 0xee;
      } else if (step == words + 3) {
        first = v0 ^ v1 ^ v2 ^ v3;
        v1 ^= 0xdd;
      }
      v3 ^= word;
      for (int round = 0; round < 2; round++) {
        v0 += v1;
        v2 += v3;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 = Long.rotateLeft(v2, 32);
      }
      v0 ^= word;
    }
    return new Fingerprint(first, v0 ^ v1 ^ v2 ^ v3);
  }

  /** What remains of the text, and its length: with no loop where there is a word to read. */
  private static long lastWord(byte[] text, int begin) {
    int rest = text.length - begin;
    long word = (long) text.length << 56;
    if (rest > 0 && begin > 0) {
      return word | (long) LONGS.get(text, text.length - Long.BYTES) >>> (Long.SIZE - 8 * rest);
    }
    for (int i = 0; i < rest; i++) {
      word |= (text[begin + i] & 0xffL) << (8 * i);
    }
    return word;
  }
}
