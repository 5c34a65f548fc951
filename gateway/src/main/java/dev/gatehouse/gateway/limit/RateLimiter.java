package dev.gatehouse.gateway.limit;

import dev.gatehouse.contract.edge.EdgeLimits;
import dev.gatehouse.gateway.redis.RedisConfig;
import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The rate limits of one gateway; makes the limiters of its tenants. Safe for use by many threads.
 */
public final class RateLimiter {
  private static final TimeMeter CLOCK = TimeMeter.SYSTEM_NANOTIME;

  private final TimeMeter clock;
  private final Consumer<LimitedTenant> active;
  private final Supplier<Future<Void>> close;

  /**
   * @param active told of a tenant that took a token, see {@link LimitedTenant}
   */
  RateLimiter(TimeMeter clock, Consumer<LimitedTenant> active, Supplier<Future<Void>> close) {
    this.clock = clock;
    this.active = active;
    this.close = close;
  }

  /**
   * Starts to share limits with the other gateways. Does not wait for Redis: while it cannot be
   * reached, and for ever if none is named, limits hold at this gateway alone.
   *
   * @param redis where the gateways share them
   * @param meters gets the gauge {@code gatehouse.limit.shared} and the counter {@code
   *     gatehouse.limit.sync.failures}
   */
  public static Future<RateLimiter> start(
      Vertx vertx, Optional<RedisConfig> redis, LimitConfig config, MeterRegistry meters) {
    LimitMeters registered = LimitMeters.register(meters);
    return redis
        .map(at -> startShared(vertx, at, config, registered))
        .orElseGet(() -> Future.succeededFuture(local()));
  }

  private static RateLimiter local() {
    return new RateLimiter(CLOCK, _ -> {}, Future::succeededFuture);
  }

  private static Future<RateLimiter> startShared(
      Vertx vertx, RedisConfig redis, LimitConfig config, LimitMeters meters) {
    RedisLink link = new RedisLink(vertx, redis, config, SharedBuckets.CLOCK_OF_REDIS, meters);
    LimitSynchronizer synchronizer = new LimitSynchronizer(link, config, CLOCK);
    return vertx
        .deployVerticle(synchronizer)
        .map(id -> new RateLimiter(CLOCK, synchronizer::markActive, () -> vertx.undeploy(id)));
  }

  /**
   * The limiter of a tenant that this gateway did not know. Keep it with the tenant, and use {@link
   * #changed} from then on: a second limiter for the same tenant would give it a second burst.
   *
   * @throws IllegalArgumentException if rate or burst are not between 1 and 10<sup>9</sup>
   */
  public TenantLimiter limiterFor(UUID tenantId, EdgeLimits limits) {
    return TenantLimits.of(rateLimiterFor(tenantId, limits), UnlimitedTenant.INSTANCE, limits);
  }

  private TenantLimiter rateLimiterFor(UUID tenantId, EdgeLimits limits) {
    Optional<TokenRate> rate = TokenRate.of(limits);
    return rate.isPresent()
        ? new LimitedTenant(tenantId, rate.get(), clock, active)
        : UnlimitedTenant.INSTANCE;
  }

  /**
   * The limiter of a tenant whose limits may have changed. Tokens and debts stay as they are; a
   * greater burst fills at the new rate. Costs nothing where nothing changed.
   *
   * @param before the tenant's limiter so far; may be changed and returned
   * @throws IllegalArgumentException if rate or burst are not between 1 and 10<sup>9</sup>; {@code
   *     before} is then as it was
   */
  public TenantLimiter changed(TenantLimiter before, UUID tenantId, EdgeLimits limits) {
    return TenantLimits.of(changedRate(before, tenantId, limits), before, limits);
  }

  private TenantLimiter changedRate(TenantLimiter before, UUID tenantId, EdgeLimits limits) {
    Optional<TokenRate> rate = TokenRate.of(limits);
    TenantLimiter rateBefore = before instanceof TenantLimits both ? both.rate() : before;
    if (rateBefore instanceof LimitedTenant limited && rate.isPresent()) {
      limited.changeRate(rate.get());
      return limited;
    }
    return rateLimiterFor(tenantId, limits);
  }

  /** Leaves Redis. Limiters that are still in use go on locally. */
  public Future<Void> close() {
    return close.get();
  }
}
