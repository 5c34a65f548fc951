package dev.gatehouse.gateway.exfiltration;

import dev.gatehouse.contract.security.EgressTaken.Figure;
import java.util.OptionalLong;

/**
 * What has left to somebody in spans of one length, and what is usual. What has left in the window
 * that has not ended is its {@link EgressMeter}'s to know. Not for use by several threads at once.
 */
final class Span {
  static final long NO_LIMIT = Long.MAX_VALUE;

  private final SpanConfig config;
  private final Baseline usualBytes = new Baseline();
  private final Baseline usualRecords = new Baseline();

  /** In windows of this span that have ended. */
  private long bytes;

  private long records;
  private boolean told;

  /** Whether all of this span is counted; what began within it does not teach what is usual. */
  private boolean whole;

  Span(SpanConfig config) {
    this.config = config;
  }

  /** How many more bytes may leave; {@link #NO_LIMIT} where that is known to be too much. */
  long roomForBytes(OptionalLong budget) {
    return told ? NO_LIMIT : roomUnder(mostBytes(budget), bytes);
  }

  /** The same for records. */
  long roomForRecords(OptionalLong budget) {
    return told ? NO_LIMIT : roomUnder(mostRecords(budget), records);
  }

  private static long roomUnder(long most, long taken) {
    return most == NO_LIMIT ? NO_LIMIT : Math.max(0, most - taken);
  }

  private long mostBytes(OptionalLong budget) {
    return most(usualBytes, config.leastBytes(), budget);
  }

  private long mostRecords(OptionalLong budget) {
    return most(usualRecords, config.leastRecords(), budget);
  }

  private long most(Baseline usual, long least, OptionalLong budget) {
    long learned =
        usual.taught() < config.learn()
            ? NO_LIMIT
            : Math.max(least, (long) Math.ceil(usual.limit(config.deviations())));
    return Math.min(learned, budget.orElse(NO_LIMIT));
  }

  /** It is known that this is too much, until the span ends. */
  void told() {
    told = true;
  }

  boolean isTold() {
    return told;
  }

  /**
   * A window of it has ended.
   *
   * @param ends whether the span ends with it
   */
  void windowEnded(long moreBytes, long moreRecords, boolean ends) {
    bytes += moreBytes;
    records += moreRecords;
    if (!ends) {
      return;
    }
    // Nothing is learned from what was too much; nor from spans in which nothing left: whoever is
    // there on one day of the week would be unusual on every one of them.
    if (whole && !told && (bytes > 0 || records > 0)) {
      double weight = config.weight();
      usualBytes.teach((double) bytes, weight, config.learn());
      usualRecords.teach((double) records, weight, config.learn());
    }
    bytes = 0;
    records = 0;
    told = false;
    whole = true;
  }

  /** Bytes of this span, those of its last window included. */
  Figure bytes(long now, OptionalLong budget) {
    return figure(bytes + now, usualBytes, mostBytes(budget));
  }

  /** Records of this span, those of its last window included. */
  Figure records(long now, OptionalLong budget) {
    return figure(records + now, usualRecords, mostRecords(budget));
  }

  private static Figure figure(long taken, Baseline usual, long most) {
    return new Figure(
        taken,
        usual.taught() == 0 ? OptionalLong.empty() : OptionalLong.of(Math.round(usual.mean())),
        most == NO_LIMIT ? OptionalLong.empty() : OptionalLong.of(most));
  }

  /** How many spans were learned from. */
  int taught() {
    return usualBytes.taught();
  }
}
