package dev.gatehouse.contract.audit;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The one form that a JSON value is hashed in: the JSON Canonicalization Scheme (RFC 8785).
 * Stateless; any thread.
 */
public final class CanonicalJson {
  /** Whole numbers up to this are the same for all readers of JSON (RFC 7493 section 2.2). */
  public static final long MAX_SAFE_INTEGER = (1L << 53) - 1;

  private CanonicalJson() {}

  /**
   * Writes a value.
   *
   * @param value maps with names as keys, lists, strings, numbers, booleans and null
   * @throws IllegalArgumentException if it has no such form: half a surrogate pair, a number that
   *     is not finite, or another type
   */
  public static String of(@Nullable Object value) {
    StringBuilder out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  private static void write(@Nullable Object value, StringBuilder out) {
    switch (value) {
      case null -> out.append("null");
      case String text -> writeText(text, out);
      case Boolean truth -> out.append(truth);
      case Number number -> out.append(number(number));
      case Map<?, ?> map -> writeMap(map, out);
      case List<?> list -> writeList(list, out);
      default -> throw new IllegalArgumentException(value.getClass() + " is no JSON value");
    }
  }

  /** Names are ordered by their UTF-16 code units, as {@link String#compareTo} does. */
  private static void writeMap(Map<?, ?> map, StringBuilder out) {
    TreeMap<String, @Nullable Object> sorted = new TreeMap<>();
    map.forEach((name, member) -> sorted.put((String) name, member));
    out.append('{');
    boolean first = true;
    for (Map.Entry<String, @Nullable Object> member : sorted.entrySet()) {
      if (!first) {
        out.append(',');
      }
      first = false;
      writeText(member.getKey(), out);
      out.append(':');
      write(member.getValue(), out);
    }
    out.append('}');
  }

  private static void writeList(List<?> list, StringBuilder out) {
    out.append('[');
    for (Iterator<?> items = list.iterator(); items.hasNext(); ) {
      write(items.next(), out);
      if (items.hasNext()) {
        out.append(',');
      }
    }
    out.append(']');
  }

  private static void writeText(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\b' -> out.append("\\b");
        case '\t' -> out.append("\\t");
        case '\n' -> out.append("\\n");
        case '\f' -> out.append("\\f");
        case '\r' -> out.append("\\r");
        default -> {
          if (c < ' ') {
            out.append("\\u%04x".formatted((int) c));
          } else {
            requirePair(text, i);
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private static void requirePair(String text, int i) {
    char c = text.charAt(i);
    boolean broken =
        Character.isHighSurrogate(c)
            ? i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1))
            : Character.isLowSurrogate(c)
                && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    if (broken) {
      throw new IllegalArgumentException("half a surrogate pair at character " + i);
    }
  }

  private static String number(Number number) {
    boolean whole = number instanceof Integer || number instanceof Long;
    return whole && Math.abs(number.longValue()) <= MAX_SAFE_INTEGER
        ? Long.toString(number.longValue())
        : doubleNumber(number.doubleValue());
  }

  /** As ECMAScript writes a number (ECMA-262, Number::toString). */
  private static String doubleNumber(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("a number must be finite, found " + value);
    }
    if (value == 0) {
      return "0";
    }
    BigDecimal shortest = shortest(Math.abs(value));
    String digits = shortest.unscaledValue().toString();
    int point = digits.length() - shortest.scale();
    return (value < 0 ? "-" : "") + layOut(digits, point);
  }

  /** {@link Double#toString(double)} gives two digits where one would do. */
  private static BigDecimal shortest(double value) {
    BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    BigDecimal one = decimal.round(new MathContext(1, RoundingMode.HALF_EVEN)).stripTrailingZeros();
    return decimal.precision() == 2 && one.doubleValue() == value ? one : decimal;
  }

  private static String layOut(String digits, int point) {
    int count = digits.length();
    if (count <= point && point <= 21) {
      return digits + "0".repeat(point - count);
    } else if (0 < point && point <= 21) {
      return digits.substring(0, point) + "." + digits.substring(point);
    } else if (-6 < point && point <= 0) {
      return "0." + "0".repeat(-point) + digits;
    }
    int exponent = point - 1;
    String fraction = count == 1 ? "" : "." + digits.substring(1);
    return digits.charAt(0) + fraction + "e" + (exponent < 0 ? "-" : "+") + Math.abs(exponent);
  }
}
