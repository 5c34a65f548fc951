package dev.gatehouse.gateway.upstream;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.resolver.dns.DnsCache;
import io.netty.resolver.dns.DnsCacheEntry;
import io.netty.resolver.dns.DnsCnameCache;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Takes down for how long the answers of DNS hold. Netty tells that to its caches alone, so this is
 * one, which gives nothing back. Belongs to the resolver's thread.
 */
final class TimesToLive implements DnsCache {
  /** Of answers that nobody waits for any more; then all are forgotten. */
  private static final int MOST = 10_000;

  private static final int LONGEST_CHAIN = 16;

  private final IdentityHashMap<InetAddress, Long> seconds = new IdentityHashMap<>();
  private final Map<String, Alias> aliases = new HashMap<>();

  /** The shortest time of an answer's records; empty if it did not come from DNS. */
  Optional<Duration> take(String name, List<InetAddress> addresses) {
    OptionalLong shortest =
        addresses.stream()
            .map(seconds::remove)
            .filter(ttl -> ttl != null)
            .mapToLong(Long::longValue)
            .min();
    long ofAliases = takeAliases(name);
    return shortest.isEmpty()
        ? Optional.empty()
        : Optional.of(Duration.ofSeconds(Math.min(shortest.getAsLong(), ofAliases)));
  }

  /** Where aliases (CNAME) are told. */
  DnsCnameCache ofAliases() {
    return new DnsCnameCache() {
      @Override
      public @Nullable String get(String hostname) {
        return null;
      }

      @Override
      public void cache(String hostname, String cname, long originalTtl, EventLoop loop) {
        forgetIfTooMany(aliases);
        aliases.put(dotted(hostname), new Alias(dotted(cname), originalTtl));
      }

      @Override
      public void clear() {
        aliases.clear();
      }

      @Override
      public boolean clear(String hostname) {
        return aliases.remove(dotted(hostname)) != null;
      }
    };
  }

  private long takeAliases(String name) {
    long shortest = Long.MAX_VALUE;
    String at = dotted(name);
    for (int i = 0; i < LONGEST_CHAIN; i++) {
      Alias alias = aliases.remove(at);
      if (alias == null) {
        break;
      }
      shortest = Math.min(shortest, alias.seconds);
      at = alias.target;
    }
    return shortest;
  }

  private static String dotted(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower : lower + ".";
  }

  private static void forgetIfTooMany(Map<?, ?> map) {
    if (map.size() >= MOST) {
      map.clear();
    }
  }

  @Override
  public void clear() {
    seconds.clear();
  }

  @Override
  public boolean clear(String hostname) {
    return false;
  }

  @Override
  public List<? extends DnsCacheEntry> get(String hostname, DnsRecord @Nullable [] additionals) {
    return List.of();
  }

  @Override
  public DnsCacheEntry cache(
      String hostname,
      DnsRecord @Nullable [] additionals,
      InetAddress address,
      long originalTtl,
      EventLoop loop) {
    forgetIfTooMany(seconds);
    seconds.put(address, originalTtl);
    return new Entry(address, null);
  }

  @Override
  public DnsCacheEntry cache(
      String hostname, DnsRecord @Nullable [] additionals, Throwable cause, EventLoop loop) {
    return new Entry(null, cause);
  }

  private record Alias(String target, long seconds) {}

  private record Entry(@Nullable InetAddress address, @Nullable Throwable cause)
      implements DnsCacheEntry {}
}
