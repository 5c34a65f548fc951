package dev.gatehouse.gateway.authenticate.jwt;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.gateway.bounds.Bound;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The keys of all issuers, by where they stand: tenants with the same issuer share them. No more
 * than {@value #MAX_URLS} are kept, those that were used last. Any thread.
 */
final class IssuerKeySource {
  @Bound(
      of = "identity providers whose keys are kept",
      unit = "URLs",
      atIt = "those that were used longest ago are forgotten",
      metric = "gatehouse_jwks")
  static final int MAX_URLS = 20_000;

  private static final long IDLE_NANOS = TimeUnit.DAYS.toNanos(1);
  private static final int FREED_AT_ONCE = 1000;

  private final Map<String, RemoteKeys> byUrl = new ConcurrentHashMap<>();
  private final Function<URI, RemoteKeys.Fetch> fetches;
  private final Duration interval;
  private final LongSupplier clock;

  IssuerKeySource(Function<URI, RemoteKeys.Fetch> fetches, Duration interval, LongSupplier clock) {
    this.fetches = fetches;
    this.interval = interval;
    this.clock = clock;
  }

  RemoteKeys at(String url) {
    RemoteKeys known = byUrl.get(url);
    if (known != null) {
      return known;
    }
    if (byUrl.size() >= MAX_URLS) {
      forgetOldest();
    }
    return byUrl.computeIfAbsent(
        url, _ -> new RemoteKeys(fetches.apply(URI.create(url)), interval, clock));
  }

  /** Those that were given in full. */
  static KeySet inline(JsonNode jwks) {
    try {
      return KeySet.parse(jwks.toString());
    } catch (ParseException | RuntimeException _) {
      // Whoever configured it is told by the control plane; here it verifies nothing.
      return new KeySet(List.of());
    }
  }

  /** Forgets what nobody has asked for in a day. */
  void forgetIdle() {
    long now = clock.getAsLong();
    byUrl.values().removeIf(keys -> now - keys.lastUsedNanos() > IDLE_NANOS);
  }

  int size() {
    return byUrl.size();
  }

  private record Idle(String url, long nanos) {}

  private synchronized void forgetOldest() {
    if (byUrl.size() < MAX_URLS) {
      return;
    }
    long now = clock.getAsLong();
    // Copied first: what is used meanwhile must not change its place while they are sorted.
    byUrl.entrySet().stream()
        .map(entry -> new Idle(entry.getKey(), now - entry.getValue().lastUsedNanos()))
        .sorted(Comparator.comparingLong(Idle::nanos).reversed())
        .limit(FREED_AT_ONCE)
        .forEach(idle -> byUrl.remove(idle.url));
  }
}
