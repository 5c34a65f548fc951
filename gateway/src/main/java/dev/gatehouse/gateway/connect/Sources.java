package dev.gatehouse.gateway.connect;

import dev.gatehouse.gateway.bounds.Bound;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connections that each source has open, and how fast it opens them. A source that opens them
 * too fast owes time, until which it has earned them; also those that are refused cost a tenth, so
 * that who opens ten times too many gets none at all until it slows down. Any thread.
 */
final class Sources {
  /** What becomes of a connection. */
  enum Arrival {
    LET_IN,
    /** Its source has too many open. */
    TOO_MANY,
    /** Its source opens them too fast. */
    TOO_FAST,
    /** Its source opens more than ten times as many as it may, and goes on. */
    MUCH_TOO_FAST
  }

  @Bound(
      of = "sources whose new connections are remembered after they have ended",
      unit = "sources",
      atIt = "the rate of one more is forgotten when its last connection ends",
      metric = "gatehouse_connections_refused_total{reason=\"rate\"}")
  private static final int MOST_REMEMBERED = 100_000;

  private static final int SECONDS_AT_ONCE = 10;

  /** As long as who came much too fast has to stay away before it is let in again. */
  private static final long MOST_BEYOND_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final int REFUSED_COSTS = 10;

  private final Map<SourceAddress, Source> known = new ConcurrentHashMap<>();
  private final int most;
  private final long nanosPerOne;
  private final long mostOwedNanos;

  /**
   * @param most connections that one source may have open
   * @param perSecond that it may open, ten times as many at once
   */
  Sources(int most, int perSecond) {
    this.most = most;
    this.nanosPerOne = TimeUnit.SECONDS.toNanos(1) / perSecond;
    this.mostOwedNanos = nanosPerOne * perSecond * SECONDS_AT_ONCE;
  }

  /** One has been accepted. If it is let in, {@link #leave} must be called for it. */
  Arrival arrive(SourceAddress source, long nowNanos) {
    return known.compute(source, (_, before) -> arrive(before, nowNanos)).last();
  }

  private Source arrive(@Nullable Source before, long nowNanos) {
    int open = before == null ? 0 : before.open();
    long owed = before == null ? 0 : Math.max(0, before.owesUntilNanos() - nowNanos);
    if (owed + nanosPerOne > mostOwedNanos) {
      long more = owed + nanosPerOne / REFUSED_COSTS;
      long atMost = mostOwedNanos + MOST_BEYOND_NANOS;
      return new Source(
          open,
          nowNanos + Math.min(more, atMost),
          more > atMost ? Arrival.MUCH_TOO_FAST : Arrival.TOO_FAST);
    }
    boolean hasRoom = open < most;
    return new Source(
        hasRoom ? open + 1 : open,
        nowNanos + owed + nanosPerOne,
        hasRoom ? Arrival.LET_IN : Arrival.TOO_MANY);
  }

  /** One has ended that was let in. */
  void leave(SourceAddress source, long nowNanos) {
    known.computeIfPresent(
        source,
        (_, before) ->
            before.open() == 1 && (!before.owes(nowNanos) || known.size() > MOST_REMEMBERED)
                ? null
                : new Source(before.open() - 1, before.owesUntilNanos(), before.last()));
  }

  /** Forgets who has nothing open and owes nothing. */
  void sweep(long nowNanos) {
    boolean tooMany = known.size() > MOST_REMEMBERED;
    known.values().removeIf(source -> source.open() == 0 && (tooMany || !source.owes(nowNanos)));
  }

  private record Source(int open, long owesUntilNanos, Arrival last) {
    boolean owes(long nowNanos) {
      return owesUntilNanos - nowNanos > 0;
    }
  }
}
