package dev.gatehouse.contract.usage;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.gatehouse.contract.edge.ReportCodec;
import java.time.Instant;
import java.util.Locale;

/**
 * A time of which a gateway's counts are missing.
 *
 * @param from its begin
 * @param to its end, as far as that is known: at most so long
 * @param why what happened
 */
public record LostUsage(Instant from, Instant to, Reason why) {
  /**
   * @throws IllegalArgumentException if it ends before it begins, or is of no time that clocks show
   */
  public LostUsage {
    if (to.isBefore(from)) {
      throw new IllegalArgumentException("a time must not end before it begins");
    }
    ReportCodec.requireTime("from", from);
    ReportCodec.requireTime("to", to);
  }

  /** Why counts are missing. */
  public enum Reason {
    /** The gateway was killed before it had written them down. */
    KILLED,
    /** The control plane was away for longer than the gateway had room for. */
    NO_ROOM,
    /** What was written down could not be read, or was refused. */
    UNREADABLE;

    /** The reason in messages. */
    @JsonValue
    public String wireName() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException if it is none
     */
    @JsonCreator
    public static Reason of(String wireName) {
      for (Reason reason : values()) {
        if (reason.wireName().equals(wireName)) {
          return reason;
        }
      }
      throw new IllegalArgumentException("a reason must be killed, no-room or unreadable");
    }
  }
}
