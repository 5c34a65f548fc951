package dev.gatehouse.gateway.usage;

import dev.gatehouse.contract.usage.RouteUsage;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Brings together what the event loops of a gateway count. Each hands over its counts between two
 * requests, so that nothing is locked. Any thread.
 */
public final class UsageMeter {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final List<LoopUsage> loops = new CopyOnWriteArrayList<>();
  private final Queue<UsageCounts> delivered = new ConcurrentLinkedQueue<>();
  private volatile Consumer<RouteUsage> listener = _ -> {};

  /** Tells somebody what was counted, whenever it is taken, on the thread that takes it. */
  public void tell(Consumer<RouteUsage> whom) {
    listener = whom;
  }

  /** Counts for one more event loop, until {@link LoopUsage#close()}. */
  public LoopUsage newLoop(Context loop) {
    LoopUsage usage = new LoopUsage(this, loop);
    loops.add(usage);
    return usage;
  }

  /**
   * Takes what was counted since the last call. What an event loop that stands still has counted
   * comes with a later one.
   */
  Future<UsageCounts> take() {
    List<Future<Void>> taken = new ArrayList<>();
    for (LoopUsage loop : loops) {
      Promise<Void> done = Promise.promise();
      loop.loop()
          .runOnContext(_ -> {
            deliver(loop.take());
            done.complete();
          });
      taken.add(done.future());
    }
    return Future.join(taken)
        .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .transform(_ -> Future.succeededFuture(takeDelivered()));
  }

  /** Takes what is there without asking any event loop. */
  UsageCounts takeDelivered() {
    UsageCounts sum = new UsageCounts();
    for (UsageCounts counts = delivered.poll(); counts != null; counts = delivered.poll()) {
      sum.add(counts);
    }
    sum.usages().forEach(listener);
    return sum;
  }

  void deliver(UsageCounts counts) {
    if (!counts.isEmpty()) {
      delivered.add(counts);
    }
  }

  void remove(LoopUsage loop) {
    loops.remove(loop);
  }
}
