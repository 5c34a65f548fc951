package dev.gatehouse.gateway.security;

import static java.util.Objects.requireNonNull;

import dev.gatehouse.gateway.Exchange;
import dev.gatehouse.gateway.admit.RequestHeaders;
import dev.gatehouse.gateway.authenticate.cache.TokenDigest;
import dev.gatehouse.gateway.bounds.Bound;
import dev.gatehouse.gateway.client.AddressSet;
import dev.gatehouse.gateway.client.ClientAddress;
import dev.gatehouse.gateway.client.IpBits;
import dev.gatehouse.gateway.connect.SourceAddress;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.security.ProbingSource.Consequence;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Slows down, and then blocks, sources that try many hosts or credentials. What a gateway has seen
 * is its own; others find out by themselves. Any thread; never blocks it.
 */
public final class ProbingGuard {
  /** Refusals that are held back at once; more are answered without delay. */
  @Bound(
      of = "refusals that are held back at once",
      unit = "refusals",
      atIt = "one more refusal is not held back",
      metric = "gatehouse_probing_slowed_total")
  private static final int MOST_HELD = 1000;

  private static final Logger LOG = LoggerFactory.getLogger(ProbingGuard.class);

  private final ProbingConfig config;
  private final AddressSet exempt;
  private final LongSupplier nanos;
  private final long seed = new SecureRandom().nextLong();
  private final Map<SourceAddress, ProbingSource> sources = new ConcurrentHashMap<>();
  private final Map<SourceAddress, Long> blocked = new ConcurrentHashMap<>();
  private final AtomicInteger held = new AtomicInteger();
  private final Counter blocks;
  private final Counter slowed;
  private final Counter untracked;

  /**
   * @param nanos a clock that only goes forward, as {@link System#nanoTime()}
   * @param metrics gets {@code gatehouse.probing.blocked} and three counters
   */
  public ProbingGuard(ProbingConfig config, LongSupplier nanos, MeterRegistry metrics) {
    this.config = config;
    this.exempt = AddressSet.of(config.exempt());
    this.nanos = nanos;
    Gauge.builder("gatehouse.probing.blocked", blocked, Map::size)
        .description("Sources that are blocked, for trying many hosts or credentials")
        .register(metrics);
    this.blocks = counter(metrics, "blocks", "Sources that were blocked");
    this.slowed = counter(metrics, "slowed", "Refusals that came late");
    this.untracked =
        counter(metrics, "untracked", "Refusals of sources that there was no room for");
  }

  private static Counter counter(MeterRegistry metrics, String name, String description) {
    return Counter.builder("gatehouse.probing." + name).description(description).register(metrics);
  }

  /**
   * Lets a request pass.
   *
   * @throws Rejection.SourceBlocked if its source is blocked
   */
  public void requireWelcome(ClientAddress client) {
    if (blocked.isEmpty()) {
      return;
    }
    IpBits address = client.bits();
    if (address == null) {
      return;
    }
    SourceAddress source = SourceAddress.of(address);
    Long until = blocked.get(source);
    if (until != null) {
      long left = until - nanos.getAsLong();
      if (left > 0) {
        throw new Rejection.SourceBlocked(Duration.ofNanos(left));
      }
      blocked.remove(source, until);
    }
  }

  /**
   * A request was refused, and its answer is due.
   *
   * @param answer is given now or, on the same event loop, some time later
   */
  public void refused(Exchange exchange, Rejection rejection, Runnable answer) {
    boolean guess =
        switch (rejection) {
          case Rejection.UnknownHost _ -> true;
          case Rejection.Unauthenticated refusal -> refusal.mayBeGuess();
          default -> false;
        };
    if (!guess) {
      answer.run();
      return;
    }
    Consequence consequence = count(exchange, source -> source.refused(fingerprintOf(exchange)));
    if (consequence != Consequence.SLOWED) {
      answer.run();
    } else {
      answerLate(answer);
    }
  }

  /** A look-up for a request has told nothing, as those of outworn or made-up sessions do. */
  public void foundNothing(Exchange exchange) {
    count(exchange, ProbingSource::refused);
  }

  /** Who is blocked, as ranges of addresses, and for how long still. */
  public Map<String, Duration> blocked() {
    long now = nanos.getAsLong();
    Map<String, Duration> view = new TreeMap<>();
    blocked.forEach((source, until) -> {
      if (until - now > 0) {
        view.put(source.toString(), Duration.ofNanos(until - now));
      }
    });
    return view;
  }

  /**
   * Forgets all that was seen of an address.
   *
   * @return whether it was blocked
   */
  public boolean unblock(InetAddress address) {
    SourceAddress source = SourceAddress.of(address);
    sources.remove(source);
    return blocked.remove(source) != null;
  }

  /** Frees the room of what does not matter any more. Call it from time to time. */
  public void sweep() {
    long now = nanos.getAsLong();
    sources.values().removeIf(source -> source.isOver(now));
    blocked.values().removeIf(until -> until - now <= 0);
  }

  private Consequence count(Exchange exchange, Consumer<ProbingSource> what) {
    IpBits address = exchange.client().bits();
    if (address == null || exempt.contains(address)) {
      return Consequence.NONE;
    }
    SourceAddress at = SourceAddress.of(address);
    ProbingSource source = remembered(at);
    if (source == null) {
      untracked.increment();
      return Consequence.NONE;
    }
    what.accept(source);
    Consequence consequence = source.consequence(config);
    if (consequence == Consequence.BLOCKED && sources.remove(at, source)) {
      blocked.put(at, nanos.getAsLong() + config.blockFor().toNanos());
      blocks.increment();
      LOG.warn("{} tries many hosts or credentials: blocked for {}", at, config.blockFor());
    }
    return consequence;
  }

  private @Nullable ProbingSource remembered(SourceAddress at) {
    long now = nanos.getAsLong();
    ProbingSource known = sources.get(at);
    if (known != null && !known.isOver(now)) {
      return known;
    }
    if (known == null && sources.size() + blocked.size() >= config.maxSources()) {
      return null;
    }
    return sources.compute(
        at,
        (_, current) ->
            current == null || current.isOver(now)
                ? new ProbingSource(now + config.window().toNanos())
                : current);
  }

  /** The host and what was shown there; what meets in one place counts as refusals all the same. */
  private long fingerprintOf(Exchange exchange) {
    RequestHeaders headers = exchange.headers();
    // Not String.hashCode(): whoever chooses texts of one hash could try as many as they like.
    TokenDigest digest =
        TokenDigest.of(
            exchange.authority() + "\n" + headers.authorization() + '\n' + headers.apiKey());
    return mixed(seed ^ digest.first());
  }

  /** Stafford's variant 13 of MurmurHash3's last step. */
  private static long mixed(long bits) {
    bits = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    bits = (bits ^ (bits >>> 27)) * 0x94d049bb133111ebL;
    return bits ^ (bits >>> 31);
  }

  private void answerLate(Runnable answer) {
    if (held.incrementAndGet() > MOST_HELD) {
      held.decrementAndGet();
      answer.run();
      return;
    }
    slowed.increment();
    requireNonNull(Vertx.currentContext())
        .owner()
        .setTimer(
            config.slowBy().toMillis(),
            _ -> {
              held.decrementAndGet();
              answer.run();
            });
  }
}
