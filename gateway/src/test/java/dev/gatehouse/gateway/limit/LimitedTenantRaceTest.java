package dev.gatehouse.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many threads serve one tenant while its counts are reported and its bucket is settled. The clock
 * stands still, so that nothing is refilled and every token can be accounted for.
 */
@Timeout(120)
class LimitedTenantRaceTest {
  private static final int TAKERS = 8;
  private static final int ROUNDS = 3000;
  private static final int REFUSALS = 4;
  private static final TokenRate RATE = new TokenRate(1, 128);
  private static final TokenRate LOWERED = new TokenRate(1, 32);

  private final ExecutorService threads = Executors.newFixedThreadPool(TAKERS + 1);
  private final AtomicLong granted = new AtomicLong();
  private final AtomicInteger announced = new AtomicInteger();
  private final AtomicInteger announcedTwice = new AtomicInteger();
  private final Queue<LimitedTenant> active = new ConcurrentLinkedQueue<>();

  @AfterEach
  void stopThreads() {
    threads.shutdownNow();
  }

  @Test
  void losesNoTokenFromTheCounts() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      LimitedTenant tenant = freshTenant();
      AtomicLong counted = new AtomicLong();
      race(tenant, () -> counted.addAndGet(tenant.takeCount()));

      assertThat(counted.get() + tenant.takeCount()).isEqualTo(granted.get());
      assertThat(granted.get()).as("nobody settles: every token, once").isEqualTo(RATE.burst());
    }
  }

  @Test
  void grantsNoMoreThanTheSharedTokensHoweverItIsSettled() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      LimitedTenant tenant = freshTenant();
      AtomicLong shared = new AtomicLong(RATE.burst());
      Runnable report = () -> tenant.settle(shared.addAndGet(-tenant.takeCount()));
      race(tenant, report);
      report.run();

      assertThat(granted.get()).isLessThanOrEqualTo(RATE.burst());
      assertThat(granted.get() + Limits.drain(tenant))
          .as("what a race withheld comes back at the next report")
          .isEqualTo(RATE.burst());
    }
  }

  @Test
  void grantsNoMoreThanTheGreaterBurstWhileTheRateChanges() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      LimitedTenant tenant = freshTenant();
      AtomicLong shared = new AtomicLong(RATE.burst());
      Runnable report =
          () -> {
            tenant.changeRate(LOWERED);
            tenant.settle(shared.addAndGet(-tenant.takeCount()));
            tenant.changeRate(RATE);
          };
      race(tenant, report);
      report.run();

      assertThat(granted.get() + Limits.drain(tenant)).isLessThanOrEqualTo(RATE.burst());
      assertThat(tenant.rate()).isEqualTo(RATE);
    }
  }

  @Test
  void isAnnouncedOnceBetweenTwoReportsAndNeverForgotten() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      LimitedTenant tenant = freshTenant();
      race(tenant, this::reportAnnounced);
      reportAnnounced();

      assertThat(announcedTwice).hasValue(0);
      assertThat(tenant.takeCount()).as("what nobody was told of").isLessThan(RATE.reportEvery());
    }
  }

  private LimitedTenant freshTenant() {
    granted.set(0);
    announced.set(0);
    active.clear();
    return new LimitedTenant(UUID.randomUUID(), RATE, new ManualClock(), this::announce);
  }

  private void announce(LimitedTenant tenant) {
    if (announced.incrementAndGet() > 1) {
      announcedTwice.incrementAndGet();
    }
    active.add(tenant);
  }

  private void reportAnnounced() {
    for (LimitedTenant tenant = active.poll(); tenant != null; tenant = active.poll()) {
      announced.decrementAndGet();
      tenant.takeCount();
    }
  }

  /** All takers take until they were often refused; meanwhile one thread reports, all the time. */
  private void race(LimitedTenant tenant, Runnable report) throws Exception {
    CyclicBarrier start = new CyclicBarrier(TAKERS + 1);
    AtomicInteger taking = new AtomicInteger(TAKERS);
    List<Future<?>> ends = new ArrayList<>();
    for (int i = 0; i < TAKERS; i++) {
      ends.add(
          threads.submit(() -> {
            start.await();
            take(tenant);
            return taking.decrementAndGet();
          }));
    }
    ends.add(
        threads.submit(() -> {
          start.await();
          while (taking.get() > 0) {
            report.run();
          }
          return 0;
        }));
    for (Future<?> end : ends) {
      end.get(60, TimeUnit.SECONDS);
    }
  }

  private void take(LimitedTenant tenant) {
    int refusals = 0;
    while (refusals < REFUSALS) {
      if (tenant.tryAcquire()) {
        granted.incrementAndGet();
      } else {
        refusals++;
      }
    }
  }
}
