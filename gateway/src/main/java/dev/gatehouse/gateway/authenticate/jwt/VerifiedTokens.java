package dev.gatehouse.gateway.authenticate.jwt;

import dev.gatehouse.gateway.authenticate.Principal;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of one tenant that have been verified, by their digests; the oldest go when there are
 * too many. Some 400 bytes each. Reads take no lock.
 */
final class VerifiedTokens {
  private final Map<TokenDigest, Verified> tokens = new ConcurrentHashMap<>(4);
  private final Queue<TokenDigest> order = new ConcurrentLinkedQueue<>();
  private final AtomicInteger size = new AtomicInteger();

  /**
   * What a token proved.
   *
   * @param overAtMillis from when on it proves nothing
   */
  private record Verified(Principal principal, long overAtMillis) {}

  /** Null if the token has not been verified, or its time is over. */
  @Nullable Principal find(TokenDigest digest, long nowMillis) {
    Verified verified = tokens.get(digest);
    return verified == null || nowMillis >= verified.overAtMillis ? null : verified.principal;
  }

  /**
   * Keeps what a token proved.
   *
   * @param most how many are kept
   */
  void keep(TokenDigest digest, Principal principal, long overAtMillis, int most) {
    if (most == 0) {
      return;
    }
    Verified before = tokens.put(digest, new Verified(principal, overAtMillis));
    if (before == null) {
      order.add(digest);
      if (size.incrementAndGet() > most) {
        forgetOldest();
      }
    }
  }

  private void forgetOldest() {
    TokenDigest oldest = order.poll();
    if (oldest != null) {
      tokens.remove(oldest);
      size.decrementAndGet();
    }
  }
}
