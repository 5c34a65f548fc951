package dev.gatehouse.gateway.authenticate.cache;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the tokens of one tenant, by their digests; the oldest go when there are too
 * many. Some 400 bytes each. Reads take no lock.
 *
 * @param <V> what is known
 */
public final class KnownTokens<V> {
  private final Map<TokenDigest, Known<V>> tokens = new ConcurrentHashMap<>(4);
  private final Queue<TokenDigest> order = new ConcurrentLinkedQueue<>();
  private final AtomicInteger size = new AtomicInteger();

  private record Known<V>(V what, long overAtMillis) {}

  /** Null if nothing is known of the token, or not any more. */
  public @Nullable V find(TokenDigest digest, long nowMillis) {
    Known<V> known = tokens.get(digest);
    return known == null || nowMillis >= known.overAtMillis ? null : known.what;
  }

  /**
   * Keeps what is known of a token.
   *
   * @param overAtMillis from when on it is not known any more
   * @param most of how many something is kept
   */
  public void keep(TokenDigest digest, V what, long overAtMillis, int most) {
    if (most == 0) {
      return;
    }
    Known<V> before = tokens.put(digest, new Known<>(what, overAtMillis));
    if (before == null) {
      order.add(digest);
      if (size.incrementAndGet() > most) {
        forgetOldest();
      }
    }
  }

  /** Forgets what is known of a token. */
  public void forget(TokenDigest digest) {
    // Its place in the order stays, so that the size is what the order says.
    tokens.remove(digest);
  }

  private void forgetOldest() {
    TokenDigest oldest = order.poll();
    if (oldest != null) {
      tokens.remove(oldest);
      size.decrementAndGet();
    }
  }
}
