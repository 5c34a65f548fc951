package dev.gatehouse.gateway.observe;

import io.vertx.core.http.HttpHeaders;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The trace that a request belongs to (W3C Trace Context, {@code traceparent} version 00). Its
 * trace id is also the id by which a request is found in the logs.
 *
 * @param header the value of the header
 * @param ofClient whether the client said it; else it is new
 */
public record TraceParent(String header, boolean ofClient) {
  /** Name of the header. */
  public static final CharSequence HEADER = HttpHeaders.createOptimized("traceparent");

  private static final int LENGTH = 55;
  private static final int TRACE_ID = 3;
  private static final int PARENT_ID = 36;
  private static final int FLAGS = 53;

  /**
   * The client's, where it is well-formed, else a new one.
   *
   * @param value what the client sent; null if it sent none
   */
  public static TraceParent of(@Nullable String value) {
    return value != null && isWellFormed(value) ? new TraceParent(value, true) : generate();
  }

  /** 32 hexadecimal digits. */
  public String traceId() {
    return header.substring(TRACE_ID, PARENT_ID - 1);
  }

  /** 16 hexadecimal digits: the span that it was said by. */
  public String parentId() {
    return header.substring(PARENT_ID, FLAGS - 1);
  }

  /** Whether the request is sampled where it came from. */
  public boolean isSampled() {
    return (Character.digit(header.charAt(FLAGS + 1), 16) & 1) != 0;
  }

  /** The same for whoever is not to take it for sampled. */
  public String unsampled() {
    return isSampled() ? header.substring(0, FLAGS) + "00" : header;
  }

  /** What names a span as the parent of whoever is told so. */
  public static String ofSampled(String traceId, String spanId) {
    return "00-" + traceId + "-" + spanId + "-01";
  }

  /** A trace that nobody has begun yet. */
  public static TraceParent generate() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    HexFormat hex = HexFormat.of();
    // All zeroes would be invalid (section 3.2.2.3); a set bit excludes that.
    return new TraceParent(
        "00-"
            + hex.toHexDigits(random.nextLong() | 1)
            + hex.toHexDigits(random.nextLong())
            + "-"
            + hex.toHexDigits(random.nextLong() | 1)
            + "-00",
        false);
  }

  private static boolean isWellFormed(String value) {
    return value.length() == LENGTH
        && value.startsWith("00-")
        && value.charAt(PARENT_ID - 1) == '-'
        && value.charAt(FLAGS - 1) == '-'
        && isHexButNotZero(value, TRACE_ID, PARENT_ID - 1)
        && isHexButNotZero(value, PARENT_ID, FLAGS - 1)
        && isLowerHex(value.charAt(FLAGS))
        && isLowerHex(value.charAt(FLAGS + 1));
  }

  private static boolean isHexButNotZero(String value, int from, int to) {
    boolean zero = true;
    for (int i = from; i < to; i++) {
      char c = value.charAt(i);
      if (!isLowerHex(c)) {
        return false;
      }
      zero &= c == '0';
    }
    return !zero;
  }

  private static boolean isLowerHex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  }
}
