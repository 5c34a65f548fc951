package dev.gatehouse.gateway.limit;

import io.github.bucket4j.TimeMeter;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Reports, at every interval, what the tenants of this gateway took, and settles their buckets by
 * the answer. One run at a time; a run that takes longer than the interval delays the next.
 *
 * <p>A run that fails, or finds Redis away, forgets what it had to report: a tenant's own bucket
 * has already paid for it, and a late report would make the tenant pay again.
 */
final class LimitSynchronizer extends VerticleBase {
  private final Queue<LimitedTenant> active = new ConcurrentLinkedQueue<>();
  private final RedisLink link;
  private final LimitConfig config;
  private final TimeMeter clock;

  private Future<Void> lastRun = Future.succeededFuture();
  private long lastRunNanos;

  LimitSynchronizer(RedisLink link, LimitConfig config, TimeMeter clock) {
    this.link = link;
    this.config = config;
    this.clock = clock;
    this.lastRunNanos = clock.currentTimeNanos();
  }

  /**
   * Remembers a tenant for the next run. The caller sees to it that a tenant waits here at most
   * once, however many threads serve it. Any thread; lock-free.
   */
  void markActive(LimitedTenant tenant) {
    active.add(tenant);
  }

  @Override
  public Future<?> start() {
    link.connect();
    vertx.setPeriodic(config.syncInterval().toMillis(), _ -> synchronize());
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    return link.close();
  }

  /** Runs once, unless a run is under way; ends when that run does, whether or not it succeeded. */
  Future<Void> synchronize() {
    if (lastRun.isComplete()) {
      lastRun = report(drain(), elapsedSinceLastRun()).otherwiseEmpty();
    }
    return lastRun;
  }

  /** Reports the tenants batch by batch, one after the other. */
  private Future<Void> report(List<LimitedTenant> tenants, Duration over) {
    if (tenants.isEmpty()) {
      return Future.succeededFuture();
    }
    if (!link.isUp()) {
      tenants.forEach(LimitedTenant::takeCount);
      return Future.succeededFuture();
    }
    int size = Math.min(config.batchSize(), tenants.size());
    List<LimitedTenant> batch = tenants.subList(0, size);
    List<LimitedTenant> rest = tenants.subList(size, tenants.size());
    return link.report(batch.stream().map(LimitSynchronizer::reportOf).toList(), over)
        .onSuccess(tokens -> settle(batch, tokens))
        .transform(_ -> report(rest, over));
  }

  private static SharedBuckets.Report reportOf(LimitedTenant tenant) {
    // In this order: what is taken in between is then counted twice at most, never lost.
    long taken = tenant.takeCount();
    return new SharedBuckets.Report(
        tenant.id().toString(), taken, tenant.remaining(), tenant.rate());
  }

  private static void settle(List<LimitedTenant> batch, List<Long> tokens) {
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).settle(tokens.get(i));
    }
  }

  /** Everybody active; nobody can come back before the count is taken, so this ends. */
  private List<LimitedTenant> drain() {
    List<LimitedTenant> tenants = new ArrayList<>();
    for (LimitedTenant tenant = active.poll(); tenant != null; tenant = active.poll()) {
      tenants.add(tenant);
    }
    return tenants;
  }

  private Duration elapsedSinceLastRun() {
    long now = clock.currentTimeNanos();
    Duration elapsed = Duration.ofNanos(Math.max(0, now - lastRunNanos));
    lastRunNanos = now;
    return elapsed;
  }
}
