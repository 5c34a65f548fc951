package dev.gatehouse.gateway.limit;

import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many WebSockets each tenant has open at this gateway. Holds tenants that have any, and no
 * others. Shared by all event loops.
 */
public final class WebSocketLimit {
  private final Map<UUID, Long> open = new ConcurrentHashMap<>();

  /**
   * Counts one more.
   *
   * @param most how many the tenant may have open
   * @return false if the tenant has as many; then it is not counted
   */
  public boolean tryOpen(UUID tenant, OptionalLong most) {
    long limit = most.orElse(Long.MAX_VALUE);
    long[] before = new long[1];
    open.compute(
        tenant,
        (_, count) -> {
          before[0] = count == null ? 0 : count;
          return before[0] < limit ? Long.valueOf(before[0] + 1) : count;
        });
    return before[0] < limit;
  }

  /** One that was counted has ended. */
  public void closed(UUID tenant) {
    open.computeIfPresent(tenant, (_, count) -> count == 1 ? null : count - 1);
  }
}
