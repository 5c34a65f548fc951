package dev.gatehouse.controlplane.api;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Comma-separated values (RFC 4180) for readers that may be spreadsheets: a field that one would
 * take for a formula gets an apostrophe in front, which makes it text there. One thread.
 */
public final class Csv {
  /** As it is answered. */
  public static final String MEDIA_TYPE = "text/csv; charset=utf-8";

  private static final String BEGINNINGS_OF_FORMULAS = "=+-@\t\r\n";

  private final StringBuilder text = new StringBuilder();

  /** Begins with the names of the columns. */
  public Csv(String... columns) {
    row(columns);
  }

  /** Adds a row. */
  public void row(String... fields) {
    text.append(Arrays.stream(fields).map(Csv::field).collect(Collectors.joining(",")))
        .append("\r\n");
  }

  /** Adds a row of texts and numbers; a number is no formula, though it may begin like one. */
  public void row(List<? extends @Nullable Object> values) {
    text.append(values.stream().map(Csv::value).collect(Collectors.joining(","))).append("\r\n");
  }

  private static String value(@Nullable Object value) {
    return switch (value) {
      case null -> "";
      case Double number -> new BigDecimal(number.toString()).stripTrailingZeros().toPlainString();
      case Number number -> number.toString();
      default -> field(value.toString());
    };
  }

  private static String field(String value) {
    String safe =
        !value.isEmpty() && BEGINNINGS_OF_FORMULAS.indexOf(value.charAt(0)) >= 0
            ? "'" + value
            : value;
    boolean quoted = safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return quoted ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
  }

  /** The rows since the last call, with the names of the columns at first. */
  public String take() {
    String rows = text.toString();
    text.setLength(0);
    return rows;
  }
}
