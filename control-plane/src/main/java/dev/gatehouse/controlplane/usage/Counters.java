package dev.gatehouse.controlplane.usage;

import dev.gatehouse.contract.usage.LatencyBuckets;
import dev.gatehouse.contract.usage.RouteUsage;
import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The numbers that the tables of usage have a column for each, and how SQL adds them up. */
public final class Counters {
  /** How many requests there were, of all classes together. */
  public static final String REQUESTS =
      IntStream.range(0, RouteUsage.CLASSES)
          .mapToObj(i -> "requests_" + i)
          .collect(Collectors.joining(" + "));

  /** Most that a sum of an hour or a day is: some hundred of them still make a bigint. */
  private static final long MOST = 10 * RouteUsage.MOST;

  /** One number: its column, and where a report has it. */
  record Counter(String column, ToLongFunction<RouteUsage> of) {}

  /** All of them, in the order in which the statements name them. */
  static final List<Counter> ALL =
      Stream.of(
              IntStream.range(0, RouteUsage.CLASSES)
                  .mapToObj(i -> new Counter("requests_" + i, usage -> usage.requests().get(i))),
              Stream.of(
                  new Counter("billable", RouteUsage::billable),
                  new Counter("limited", RouteUsage::limited),
                  new Counter("refused", RouteUsage::refused),
                  new Counter("bytes_in", RouteUsage::bytesIn),
                  new Counter("bytes_out", RouteUsage::bytesOut),
                  new Counter("websocket_millis", RouteUsage::webSocketMillis),
                  new Counter("micros", RouteUsage::micros)),
              IntStream.range(0, LatencyBuckets.COUNT)
                  .mapToObj(i -> new Counter(latency(i), usage -> usage.latency().get(i))))
          .flatMap(counters -> counters)
          .toList();

  private Counters() {}

  /** The column of a range of response times; see {@link LatencyBuckets}. */
  public static String latency(int bucket) {
    return String.format(Locale.ROOT, "latency_%02d", bucket);
  }

  /** The sum over rows, which stays a number that the database keeps, whatever gateways make up. */
  static String sum(String columns) {
    return "least(sum(%s), %d)::bigint".formatted(columns, MOST);
  }

  /** Each in this form, with a comma between; {@code %1$s} is the column. */
  static String each(String form) {
    return ALL.stream()
        .map(counter -> form.formatted(counter.column))
        .collect(Collectors.joining(", "));
  }

  /** The numbers of a row that has them all, by no tenant or route in particular. */
  static Totals read(Row row) {
    return new Totals(
        IntStream.range(0, RouteUsage.CLASSES).mapToObj(i -> row.getLong("requests_" + i)).toList(),
        row.getLong("billable"),
        row.getLong("limited"),
        row.getLong("refused"),
        row.getLong("bytes_in"),
        row.getLong("bytes_out"),
        row.getLong("websocket_millis"),
        row.getLong("micros"),
        IntStream.range(0, LatencyBuckets.COUNT).mapToObj(i -> row.getLong(latency(i))).toList());
  }
}
