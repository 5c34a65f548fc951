package dev.gatehouse.gateway.usage;

import dev.gatehouse.contract.usage.MonthlyUse;
import dev.gatehouse.contract.usage.RouteUsage;
import dev.gatehouse.contract.usage.UsageReport;
import dev.gatehouse.gateway.limit.MonthlyQuota;
import java.time.Instant;
import java.time.YearMonth;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the tenants' {@link MonthlyQuota}s at what all gateways have counted. One event loop. */
public final class SharedQuotas {
  /** Path on the control plane. */
  static final String PATH = MonthlyUse.PATH;

  private static final Logger LOG = LoggerFactory.getLogger(SharedQuotas.class);

  private final Function<UUID, MonthlyQuota> quotaOf;
  private final Supplier<Stream<MonthlyQuota>> all;
  private YearMonth month = YearMonth.of(1970, 1);

  /**
   * @param quotaOf that of a tenant; {@link MonthlyQuota#NONE} of one without, or that is not known
   * @param all those of all tenants
   */
  public SharedQuotas(Function<UUID, MonthlyQuota> quotaOf, Supplier<Stream<MonthlyQuota>> all) {
    this.quotaOf = quotaOf;
    this.all = all;
  }

  /** Begins with nothing where a month has begun. */
  void beginMonthIfNew(Instant now) {
    YearMonth current = MonthlyUse.monthOf(now);
    if (!current.equals(month)) {
      month = current;
      all.get().forEach(MonthlyQuota::beginMonth);
    }
  }

  /** The control plane has taken a report of this run. */
  void reported(UsageReport report) {
    if (MonthlyUse.monthOf(report.from()).equals(month)) {
      for (RouteUsage usage : report.routes()) {
        quotaOf
            .apply(usage.tenant())
            .reported(usage.billable(), usage.bytesIn() + usage.bytesOut());
      }
    }
  }

  /** The control plane says what was used. */
  void settle(byte[] json) {
    try {
      MonthlyUse use = MonthlyUse.decode(json);
      if (use.month().equals(month)) {
        use.tenants()
            .forEach(used -> quotaOf.apply(used.tenant()).settle(used.requests(), used.bytes()));
      }
    } catch (IllegalArgumentException e) {
      LOG.error("what the control plane says of quotas cannot be read: {}", e.getMessage());
    }
  }
}
