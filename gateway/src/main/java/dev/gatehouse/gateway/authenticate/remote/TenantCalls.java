package dev.gatehouse.gateway.authenticate.remote;

import io.vertx.core.Future;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Lets each tenant have so many calls under way at once. Any thread. */
public final class TenantCalls {
  private final int most;
  private final Map<UUID, Integer> underWay = new ConcurrentHashMap<>();

  /**
   * @param most how many calls of one tenant there may be at once
   */
  public TenantCalls(int most) {
    this.most = most;
  }

  /**
   * Calls.
   *
   * @return fails with a {@link ProviderCalls.BusyException} if the tenant has no place left
   */
  public <T> Future<T> within(UUID tenant, Supplier<Future<T>> call) {
    if (underWay.merge(tenant, 1, Integer::sum) > most) {
      giveBack(tenant);
      return Future.failedFuture(ProviderCalls.busy());
    }
    return Future.succeededFuture().compose(_ -> call.get()).onComplete(_ -> giveBack(tenant));
  }

  private void giveBack(UUID tenant) {
    underWay.computeIfPresent(tenant, (_, count) -> count == 1 ? null : count - 1);
  }
}
