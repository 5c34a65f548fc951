package dev.gatehouse.gateway.limit;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.EstimationProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import io.github.bucket4j.local.SynchronizationStrategy;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A tenant with a rate: its bucket at this gateway, and the count of what it took since the last
 * report. With its rate, it takes 72 bytes until the first request, which makes the bucket, and 385
 * from then on (measured on a 64-bit HotSpot; the id is the tenant's own).
 */
final class LimitedTenant implements TenantLimiter {
  // A field updater, not an AtomicLong: one object less for every tenant.
  private static final AtomicLongFieldUpdater<LimitedTenant> TAKEN =
      AtomicLongFieldUpdater.newUpdater(LimitedTenant.class, "taken");

  /** 1 from when the tenant is announced as active until its count is taken. */
  private static final AtomicIntegerFieldUpdater<LimitedTenant> WAITING =
      AtomicIntegerFieldUpdater.newUpdater(LimitedTenant.class, "waiting");

  private final UUID id;
  private final TimeMeter clock;
  private final Consumer<LimitedTenant> active;
  private volatile TokenRate rate;
  private volatile @Nullable Bucket bucket;
  private volatile long taken;
  private volatile int waiting;

  /**
   * @param active told once after each {@link #takeCount()}, when {@link TokenRate#reportEvery()}
   *     requests have been taken, by the thread of the last of them
   */
  LimitedTenant(UUID id, TokenRate rate, TimeMeter clock, Consumer<LimitedTenant> active) {
    this.id = id;
    this.rate = rate;
    this.clock = clock;
    this.active = active;
  }

  UUID id() {
    return id;
  }

  TokenRate rate() {
    return rate;
  }

  @Override
  public boolean tryAcquire() {
    // Counted first: settle() would give a token back that is taken but not yet counted.
    long counted = TAKEN.incrementAndGet(this);
    if (!bucket().tryConsume(1)) {
      TAKEN.decrementAndGet(this);
      return false;
    }
    if (counted >= rate.reportEvery() && waiting == 0 && WAITING.compareAndSet(this, 0, 1)) {
      active.accept(this);
    }
    return true;
  }

  @Override
  public Optional<RateLimitState> state() {
    TokenRate current = rate;
    EstimationProbe probe = bucket().estimateAbilityToConsume(1);
    return Optional.of(
        new RateLimitState(
            current.burst(),
            Math.max(0, probe.getRemainingTokens()),
            current.window(),
            Duration.ofNanos(probe.getNanosToWaitForRefill())));
  }

  /**
   * Ends a count: returns the tokens taken since the last call. One too many for each thread that
   * is being refused meanwhile, which the next count has too few: it can be negative.
   */
  long takeCount() {
    // In this order: who is counted from here on is announced, or was and is taken now.
    waiting = 0;
    return TAKEN.getAndSet(this, 0);
  }

  /** The tokens in the bucket; negative if it is in debt. */
  long remaining() {
    return bucket().getAvailableTokens();
  }

  /**
   * Sets the bucket to what all gateways together have left, less what was taken here since that
   * was counted. What is taken meanwhile may be paid twice until the next call, never given back.
   */
  void settle(long sharedTokens) {
    Bucket settled = bucket();
    // In this order: whatever the bucket lacks is in the count.
    long available = settled.getAvailableTokens();
    long tooMany = available - (sharedTokens - taken);
    if (tooMany > 0) {
      settled.consumeIgnoringRateLimits(tooMany);
    } else if (tooMany < 0) {
      settled.addTokens(-tooMany);
    }
  }

  /** Goes on with another rate and the tokens that are there, as the shared bucket does. */
  synchronized void changeRate(TokenRate changed) {
    if (changed.equals(rate)) {
      return;
    }
    rate = changed;
    Bucket existing = bucket;
    if (existing != null) {
      existing.replaceConfiguration(changed.configuration(), TokensInheritanceStrategy.AS_IS);
    }
  }

  private Bucket bucket() {
    Bucket existing = bucket;
    return existing != null ? existing : createBucket();
  }

  private synchronized Bucket createBucket() {
    Bucket existing = bucket;
    if (existing != null) {
      return existing;
    }
    Bucket created =
        Bucket.builder()
            .addLimit(rate.bandwidth())
            .withCustomTimePrecision(clock)
            // Lock-free, each request would leave a new state in an old object: the collector looks
            // at
            // every one of them, of ten thousand tenants, in every pause.
            .withSynchronizationStrategy(SynchronizationStrategy.SYNCHRONIZED)
            .build();
    bucket = created;
    return created;
  }
}
