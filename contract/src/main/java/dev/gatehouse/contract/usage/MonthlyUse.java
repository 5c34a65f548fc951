package dev.gatehouse.contract.usage;

import dev.gatehouse.contract.edge.ReportCodec;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

/**
 * What tenants with a monthly quota have used of it, over all gateways, as the control plane tells
 * it at {@link #PATH}. Months are calendar months in UTC.
 *
 * @param month which one
 * @param tenants those that have used {@value #FROM_PERCENT} percent of a quota, or more
 */
public record MonthlyUse(YearMonth month, List<Used> tenants) {
  /** Path on the control plane. */
  public static final String PATH = "/edge/v1/quotas";

  /** From how much on a tenant is listed, in percent of one of its quotas. */
  public static final int FROM_PERCENT = 50;

  public MonthlyUse {
    tenants = List.copyOf(tenants);
  }

  /**
   * What one tenant has used.
   *
   * @param tenant its id
   * @param requests those that were let in
   * @param bytes of bodies and WebSockets, both ways
   */
  public record Used(UUID tenant, long requests, long bytes) {
    /**
     * @throws IllegalArgumentException if a number is negative
     */
    public Used {
      if (requests < 0 || bytes < 0) {
        throw new IllegalArgumentException("what is used must be at least 0");
      }
    }
  }

  /** The month in which a time lies. */
  public static YearMonth monthOf(Instant time) {
    return YearMonth.from(time.atOffset(ZoneOffset.UTC));
  }

  /** When a month begins, and the one before it ends. */
  public static Instant beginOf(YearMonth month) {
    return month.atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
  }

  /** As JSON. */
  public byte[] encode() {
    return ReportCodec.encode(this);
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is none; the message says why
   */
  public static MonthlyUse decode(byte[] json) {
    return ReportCodec.decode(json, MonthlyUse.class);
  }
}
