package dev.gatehouse.gateway.limit;

import dev.gatehouse.contract.edge.EdgeLimits;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * What a tenant may still have in this calendar month (UTC), over all gateways. Known exactly: what
 * this gateway counted since the control plane last told of the month. Not known: what the other
 * gateways counted since then, which is how much more than its quota a tenant can have. Bytes count
 * when a request ends, so that those under way are too much as well.
 *
 * <p>Requests: any thread, never blocks. Settling: one thread.
 */
public final class MonthlyQuota {
  /** That of a tenant without one: counts nothing. */
  public static final MonthlyQuota NONE = new MonthlyQuota();

  private static final long GIGABYTE = 1_000_000_000;

  private final LongAdder requests = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private volatile long mostRequests = Long.MAX_VALUE;
  private volatile long mostBytes = Long.MAX_VALUE;

  /** What was counted elsewhere, or before: the shared count without what this gateway reported. */
  private volatile long otherRequests;

  private volatile long otherBytes;
  private long reportedRequests;
  private long reportedBytes;

  private MonthlyQuota() {}

  /** Whether the tenant may make one more request; it is not counted by that. */
  public boolean isUsedUp() {
    return this != NONE
        && (usedRequests() >= mostRequests
            || (mostBytes < Long.MAX_VALUE && usedBytes() >= mostBytes));
  }

  /** A request of it was let in. */
  public void admitted() {
    if (this != NONE) {
      requests.increment();
    }
  }

  /** So many bytes passed, either way. */
  public void transferred(long count) {
    if (this != NONE) {
      bytes.add(count);
    }
  }

  /** The requests of this month, as far as this gateway knows. */
  public long usedRequests() {
    return otherRequests + requests.sum();
  }

  /** The bytes of this month, as far as this gateway knows. */
  public long usedBytes() {
    return otherBytes + bytes.sum();
  }

  /** How many requests it may have in a month; empty if any number. */
  public OptionalLong mostRequests() {
    return mostRequests == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(mostRequests);
  }

  /** How many bytes it may have in a month; empty if any number. */
  public OptionalLong mostBytes() {
    return mostBytes == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(mostBytes);
  }

  /** The control plane has taken a report of this month with so much of what is counted here. */
  public void reported(long billable, long transferred) {
    if (this != NONE) {
      reportedRequests += billable;
      reportedBytes += transferred;
    }
  }

  /** The control plane says what all gateways have reported of this month. */
  public void settle(long allRequests, long allBytes) {
    if (this != NONE) {
      otherRequests = allRequests - reportedRequests;
      otherBytes = allBytes - reportedBytes;
    }
  }

  /** A new month begins, with nothing used but what is on its way to the control plane. */
  public void beginMonth() {
    if (this != NONE) {
      requests.reset();
      bytes.reset();
      reportedRequests = 0;
      reportedBytes = 0;
      otherRequests = 0;
      otherBytes = 0;
    }
  }

  /** Goes on with other limits, and what was used. */
  MonthlyQuota changed(EdgeLimits limits) {
    OptionalLong most = limits.requestsPerMonth();
    OptionalLong gigabytes = limits.bandwidthGbPerMonth();
    if (most.isEmpty() && gigabytes.isEmpty()) {
      return NONE;
    }
    MonthlyQuota quota = this == NONE ? new MonthlyQuota() : this;
    quota.mostRequests = most.orElse(Long.MAX_VALUE);
    quota.mostBytes =
        gigabytes.isPresent()
            ? Math.min(gigabytes.getAsLong(), Long.MAX_VALUE / GIGABYTE) * GIGABYTE
            : Long.MAX_VALUE;
    return quota;
  }
}
