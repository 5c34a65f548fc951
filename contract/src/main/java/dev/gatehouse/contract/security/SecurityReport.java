package dev.gatehouse.contract.security;

import dev.gatehouse.contract.edge.ReportCodec;
import java.util.List;
import java.util.UUID;

/**
 * What a gateway hands to the control plane at {@link #PATH}. A report that is handed in again is
 * not recorded again: reports of one run have ascending numbers, and are sent in their order.
 *
 * @param gateway its name
 * @param run a new one each time that the gateway starts
 * @param sequence number of the report within the run, from 1
 * @param events what happened, at most {@value #MAX_EVENTS} of them
 * @param dropped events that the gateway had no room for
 */
public record SecurityReport(
    String gateway, UUID run, long sequence, List<SecurityEvent> events, long dropped) {
  /** Path on the control plane. */
  public static final String PATH = "/edge/v1/events";

  /** Most events of one report. */
  public static final int MAX_EVENTS = 100;

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public SecurityReport {
    events = List.copyOf(events);
    ReportCodec.requireGateway(gateway);
    if (sequence < 1) {
      throw new IllegalArgumentException("sequence must be at least 1, found " + sequence);
    }
    if (events.size() > MAX_EVENTS) {
      throw new IllegalArgumentException(
          "events must be at most " + MAX_EVENTS + ", found " + events.size());
    }
    if (dropped < 0) {
      throw new IllegalArgumentException("dropped must be at least 0, found " + dropped);
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
  public static SecurityReport decode(byte[] json) {
    return ReportCodec.decode(json, SecurityReport.class);
  }
}
