package dev.gatehouse.gateway.share;

import java.util.HashMap;
import java.util.Map;

/**
 * The limits that a gateway finds by itself, one for each set of endpoints that any event loop has
 * a share of. One for a gateway; any thread. Asked when a share is made or dropped, not for
 * requests.
 */
public final class AdaptiveLimits {
  private final int eventLoops;
  private final Map<ShareKey, Used> limits = new HashMap<>();

  /**
   * @param eventLoops that share each of them
   */
  public AdaptiveLimits(int eventLoops) {
    this.eventLoops = eventLoops;
  }

  /** The one of these endpoints, for one more share. */
  synchronized AdaptiveLimit open(ShareKey key) {
    Used used = limits.computeIfAbsent(key, _ -> new Used(new AdaptiveLimit(eventLoops)));
    used.shares++;
    return used.limit;
  }

  /** One share of these endpoints has gone. */
  synchronized void close(ShareKey key) {
    Used used = limits.get(key);
    if (used != null && --used.shares == 0) {
      limits.remove(key);
    }
  }

  private static final class Used {
    private final AdaptiveLimit limit;
    private int shares;

    private Used(AdaptiveLimit limit) {
      this.limit = limit;
    }
  }
}
