package dev.gatehouse.contract.usage;

import dev.gatehouse.contract.edge.ReportCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a gateway counted, as it hands it to the control plane at {@link #PATH}. A report that is
 * handed in again is not counted again: reports of one run have ascending numbers, and are sent in
 * their order.
 *
 * @param gateway its name
 * @param run a new one each time that the gateway starts
 * @param sequence number of the report within the run, from 1
 * @param from since when it counted
 * @param to until when; all of it is counted in the minute in which it began
 * @param routes what was counted, at most {@value #MAX_ROUTES}; one of a tenant that is not known
 *     any more is passed over
 * @param lost what is missing besides
 */
public record UsageReport(
    String gateway,
    UUID run,
    long sequence,
    Instant from,
    Instant to,
    List<RouteUsage> routes,
    Optional<LostUsage> lost) {
  /** Path on the control plane. */
  public static final String PATH = "/edge/v1/usage";

  /** Most entries of one report: less than a megabyte. */
  public static final int MAX_ROUTES = 1000;

  /** Longest time of one report. */
  public static final Duration LONGEST = Duration.ofMinutes(10);

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public UsageReport {
    routes = List.copyOf(routes);
    ReportCodec.requireGateway(gateway);
    if (sequence < 1) {
      throw new IllegalArgumentException("sequence must be at least 1, found " + sequence);
    }
    if (routes.size() > MAX_ROUTES) {
      throw new IllegalArgumentException(
          "routes must be at most " + MAX_ROUTES + ", found " + routes.size());
    }
    if (to.isBefore(from) || Duration.between(from, to).compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("to must be at most " + LONGEST + " after from");
    }
  }

  /** The report as JSON. */
  public byte[] encode() {
    return ReportCodec.encode(this);
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is none; the message says why
   */
  public static UsageReport decode(byte[] json) {
    return ReportCodec.decode(json, UsageReport.class);
  }
}
