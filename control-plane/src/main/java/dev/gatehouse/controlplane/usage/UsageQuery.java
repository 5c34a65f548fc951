package dev.gatehouse.controlplane.usage;

import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * What is asked of usage.
 *
 * @param tenant of whom; of all if empty
 * @param from begin of the range
 * @param to its end, not part of it
 * @param step how it is divided
 * @param group by what else
 * @param order which come first where the step is the whole range
 * @param rows most of them
 */
record UsageQuery(
    Optional<UUID> tenant,
    Instant from,
    Instant to,
    Step step,
    Group group,
    Order order,
    int rows) {
  /** Most rows of an answer in one piece. */
  static final int MAX_ROWS = 10_000;

  private static final Duration A_DAY = Duration.ofDays(1);

  /** By what rows are kept apart. */
  enum Group {
    NONE,
    ROUTE,
    SERVICE,
    TENANT;

    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Which rows come first. */
  enum Order {
    REQUESTS(Counters.REQUESTS),
    ERRORS("requests_5"),
    LIMITED("limited"),
    BYTES("bytes_in + bytes_out"),
    TIME("micros");

    private final String sql;

    Order(String sql) {
      this.sql = sql;
    }

    String sql() {
      return sql;
    }
  }

  /**
   * Reads one: of the last day, by the hour, where nothing is said.
   *
   * @throws ProblemException {@code INVALID_PARAMETER}
   */
  static UsageQuery of(ApiRequest request, Optional<UUID> tenant, Instant now) {
    Instant to = moment(request, "to").orElse(now);
    Instant from = moment(request, "from").orElse(to.minus(A_DAY));
    requireOrder(from, to);
    Step step = request.query("step").map(Step::of).orElse(Step.HOUR);
    if (step != Step.TOTAL) {
      requireSteps(from, to, step);
    }
    Step read = step.readFor(Duration.between(from, to));
    return new UsageQuery(
        tenant,
        read.begin(from),
        end(read, to),
        step,
        request.query("groupBy").map(name -> Group.valueOf(upper(name))).orElse(Group.NONE),
        request.query("orderBy").map(name -> Order.valueOf(upper(name))).orElse(Order.REQUESTS),
        request.query("rows").map(Integer::parseInt).orElse(MAX_ROWS));
  }

  /**
   * Reads one of the whole range, whose rows are routes.
   *
   * @throws ProblemException {@code INVALID_PARAMETER}
   */
  static UsageQuery ofRoutes(ApiRequest request, Optional<UUID> tenant, Instant now, int rows) {
    Instant to = moment(request, "to").orElse(now);
    Instant from = moment(request, "from").orElse(to.minus(A_DAY));
    requireOrder(from, to);
    Step read = Step.TOTAL.readFor(Duration.between(from, to));
    return new UsageQuery(
        tenant,
        read.begin(from),
        end(read, to),
        Step.TOTAL,
        Group.ROUTE,
        request.query("orderBy").map(name -> Order.valueOf(upper(name))).orElse(Order.REQUESTS),
        request.query("rows").map(Integer::parseInt).orElse(rows));
  }

  private static void requireOrder(Instant from, Instant to) {
    if (!from.isBefore(to)) {
      throw new ProblemException(
          Problem.INVALID_PARAMETER,
          List.of(Fault.inParameter("to", "must be after from, found " + to)));
    }
  }

  /** The table that it reads. */
  String table() {
    return step.readFor(Duration.between(from, to)).table();
  }

  private static Instant end(Step step, Instant to) {
    Instant begin = step.begin(to);
    return begin.equals(to) ? to : begin.plus(step.length());
  }

  private static void requireSteps(Instant from, Instant to, Step step) {
    long steps = Duration.between(from, to).dividedBy(step.length());
    if (steps > MAX_ROWS) {
      throw new ProblemException(
          Problem.INVALID_PARAMETER,
          List.of(
              Fault.inParameter(
                  "step",
                  "must divide the range into at most %d, found %d: choose a longer step or a shorter range"
                      .formatted(MAX_ROWS, steps))));
    }
  }

  private static Optional<Instant> moment(ApiRequest request, String name) {
    return request.query(name).map(text -> OffsetDateTime.parse(text).toInstant());
  }

  private static String upper(String wireName) {
    return wireName.toUpperCase(Locale.ROOT);
  }
}
