package dev.gatehouse.gateway.connect;

import dev.gatehouse.gateway.bounds.Bound;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sources that flood, and those that are shut out for it for a while. Any thread. */
final class ShutOuts {
  /** Sources whose floods are remembered at once; others are let be. */
  @Bound(
      of = "sources whose floods are remembered",
      unit = "sources",
      atIt = "one more source is let be",
      metric = "gatehouse_connections_ended_total{reason=\"flood\"}")
  private static final int MOST_FLOODING = 10_000;

  /** A flood that was a whole one. */
  static final int WHOLE = 100;

  private static final Logger LOG = LoggerFactory.getLogger(ShutOuts.class);

  private final Map<SourceAddress, Floods> flooding = new ConcurrentHashMap<>();
  private final int most;
  private final long lastsNanos;
  private final Duration lasts;

  /**
   * @param floods from which on a source is shut out
   * @param lasts for how long it is, and within which time floods count together
   */
  ShutOuts(int floods, Duration lasts) {
    this.most = floods * WHOLE;
    this.lasts = lasts;
    this.lastsNanos = lasts.toNanos();
  }

  /**
   * A source has flooded.
   *
   * @param percent of what makes a flood
   */
  void flooded(SourceAddress source, int percent, long nowNanos) {
    Floods known =
        change(source, nowNanos, before -> before.more(percent, most, nowNanos + lastsNanos));
    if (known != null && known.percent() >= most && known.percent() - percent < most) {
      LOG.warn("{} floods HTTP/2: shut out for {}", source, lasts);
    }
  }

  /** A source opens connections much faster than it may, and does not stop. */
  void rushed(SourceAddress source, long nowNanos) {
    Floods known =
        change(source, nowNanos, before -> before.more(most, most, nowNanos + lastsNanos));
    if (known != null) {
      LOG.warn("{} goes on opening connections much too fast: shut out for {}", source, lasts);
    }
  }

  private @Nullable Floods change(
      SourceAddress source, long nowNanos, UnaryOperator<Floods> change) {
    if (flooding.size() >= MOST_FLOODING && !flooding.containsKey(source)) {
      return null;
    }
    return flooding.compute(
        source,
        (_, before) ->
            change.apply(
                before == null || before.isOver(nowNanos)
                    ? new Floods(0, 0, nowNanos + lastsNanos)
                    : before));
  }

  /** Whether no source has flooded lately. */
  boolean isEmpty() {
    return flooding.isEmpty();
  }

  /** For how long it is still shut out, in nanoseconds; 0 if it is not. */
  long leftNanos(SourceAddress source, long nowNanos) {
    Floods known = flooding.isEmpty() ? null : flooding.get(source);
    return known == null || known.percent() < most ? 0 : Math.max(0, known.overNanos() - nowNanos);
  }

  /**
   * It has come although it is shut out.
   *
   * @return how often it has by now
   */
  int cameBack(SourceAddress source) {
    Floods known = flooding.computeIfPresent(source, (_, before) -> before.cameBack());
    return known == null ? 0 : known.timesBack();
  }

  /** Forgets what does not matter any more. */
  void sweep(long nowNanos) {
    flooding.values().removeIf(known -> known.isOver(nowNanos));
  }

  /**
   * Of one source.
   *
   * @param timesBack how often it has come while it was shut out
   * @param overNanos when they do not matter any more
   */
  private record Floods(int percent, int timesBack, long overNanos) {
    boolean isOver(long nowNanos) {
      return nowNanos - overNanos >= 0;
    }

    /**
     * The last one that counts begins the time anew; those after it, of old connections, do not.
     */
    Floods more(int percents, int most, long untilNanos) {
      boolean isLast = percent < most && percent + percents >= most;
      return new Floods(
          (int) Math.min((long) percent + percents, Integer.MAX_VALUE),
          timesBack,
          isLast ? untilNanos : overNanos);
    }

    Floods cameBack() {
      return new Floods(percent, timesBack + 1, overNanos);
    }
  }
}
