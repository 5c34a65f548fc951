package dev.gatehouse.controlplane.feed;

import dev.gatehouse.controlplane.feed.GatewayStore.LiveGateway;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for gateways through the database, to whichever instance they report. However many callers
 * wait, one thread reads the table, after a report and once a second, and only while somebody
 * waits.
 */
final class PgGatewayFleet implements GatewayFleet, Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(PgGatewayFleet.class);

  private final GatewayStore gateways;
  private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();
  private final Hints hints = new Hints();

  PgGatewayFleet(GatewayStore gateways) {
    this.gateways = gateways;
  }

  private static final class Waiter {
    final long revision;
    final Promise<Void> applied = Promise.promise();

    Waiter(long revision) {
      this.revision = revision;
    }
  }

  @Override
  public List<String> awaitApplied(long revision, Duration atMost) {
    List<String> lagging = lagging(gateways.live(), revision);
    if (lagging.isEmpty() || !atMost.isPositive()) {
      return lagging;
    }
    Waiter waiter = new Waiter(revision);
    waiters.add(waiter);
    wake();
    try {
      // Not await() with a time: after it ran out, Vert.x refuses any further wait on its threads.
      boolean applied =
          waiter
              .applied
              .future()
              .timeout(atMost.toNanos(), TimeUnit.NANOSECONDS)
              .map(_ -> true)
              .otherwise(false)
              .await();
      return applied ? List.of() : lagging(gateways.live(), revision);
    } finally {
      waiters.remove(waiter);
    }
  }

  @Override
  public List<String> awaitNewest(Duration atMost) {
    return awaitApplied(gateways.newestRevision(), atMost);
  }

  /** A gateway may have applied something. Returns at once; any thread. */
  void wake() {
    hints.give();
  }

  /** Answers waiters until this thread is interrupted. */
  @Override
  public void run() {
    hints.follow(() -> !waiters.isEmpty(), this::answer);
  }

  /** Only whoever began to wait before the reading is answered by it. */
  private void answer() {
    List<Waiter> waiting = List.copyOf(waiters);
    if (waiting.isEmpty()) {
      return;
    }
    try {
      List<LiveGateway> live = gateways.live();
      for (Waiter waiter : waiting) {
        if (lagging(live, waiter.revision).isEmpty()) {
          waiter.applied.tryComplete();
        }
      }
    } catch (RuntimeException e) {
      LOG.warn("the gateways cannot be read; {} callers go on waiting", waiting.size(), e);
    }
  }

  private static List<String> lagging(List<LiveGateway> live, long revision) {
    return live.stream()
        .filter(gateway -> gateway.appliedRevision() < revision)
        .map(LiveGateway::name)
        .toList();
  }
}
