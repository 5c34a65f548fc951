package dev.gatehouse.gateway.directory;

import dev.gatehouse.contract.edge.FeedMessage;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which API keys were used since the control plane was told last. Bounded: what is too much is not
 * noted, and comes again a minute later if the key is still used. Any thread; never blocks.
 */
public final class KeyUses {
  private static final int MAX_NOTED = 10 * FeedMessage.KeysUsed.MAX_KEYS;

  private final Map<String, Long> noted = new ConcurrentHashMap<>();

  /** A key was used. */
  void note(String id, long nowMillis) {
    if (noted.size() < MAX_NOTED) {
      noted.put(id, nowMillis);
    }
  }

  /** Takes out as many as fit into one report. */
  FeedMessage.KeysUsed take() {
    Map<String, Instant> taken = new HashMap<>();
    Iterator<Map.Entry<String, Long>> all = noted.entrySet().iterator();
    while (all.hasNext() && taken.size() < FeedMessage.KeysUsed.MAX_KEYS) {
      Map.Entry<String, Long> use = all.next();
      taken.put(use.getKey(), Instant.ofEpochMilli(use.getValue()));
      all.remove();
    }
    return new FeedMessage.KeysUsed(taken);
  }
}
