package dev.gatehouse.gateway.upstream;

import dev.gatehouse.contract.tenant.Region;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of one service, or those that it has for one tenant alone, as one event loop
 * chooses among them. Belongs to that event loop.
 */
public final class LoopUpstream {
  private final @Nullable Pool pool;
  private final NoTarget ifEmpty;
  private final RandomGenerator random;
  private final @Nullable Region region;
  private final Map<Region, LoopUpstream> inRegions = new HashMap<>(0);
  private @Nullable TargetSet seen;
  private @Nullable Balancer balancer;

  LoopUpstream(Pool pool, RandomGenerator random) {
    this(pool, NoTarget.NOT_RESOLVED, random, null);
  }

  /** One that always refuses. */
  LoopUpstream(NoTarget refusal, RandomGenerator random) {
    this(null, refusal, random, null);
  }

  private LoopUpstream(
      @Nullable Pool pool, NoTarget ifEmpty, RandomGenerator random, @Nullable Region region) {
    this.pool = pool;
    this.ifEmpty = ifEmpty;
    this.random = random;
    this.region = region;
  }

  /**
   * The same for a tenant that is bound to a region: it never chooses another's endpoint, nor one
   * of which it is not said where it stands.
   */
  LoopUpstream in(Region bound) {
    LoopUpstream known = inRegions.get(bound);
    if (known != null || pool == null) {
      return known == null ? this : known;
    }
    LoopUpstream made = new LoopUpstream(pool, ifEmpty, random, bound);
    if (pool.published(bound) != null) {
      // Others have nothing to remember, and there may be as many of them as tenants.
      inRegions.put(bound, made);
    }
    return made;
  }

  /**
   * Chooses a target for a first attempt.
   *
   * @param key see {@link HashKey}
   */
  public Pick pick(long key) {
    return pick(key, List.of());
  }

  /**
   * Chooses a target for a further attempt: one that was not tried, of another zone if need be, but
   * not of another region; where all were tried, any.
   *
   * @param key see {@link HashKey}
   * @param tried targets of the attempts before
   */
  public Pick pick(long key, List<Target> tried) {
    if (pool == null) {
      return ifEmpty;
    }
    TargetSet set = region == null ? pool.published() : pool.published(region);
    if (set == null) {
      return NoTarget.OUTSIDE_REGION;
    }
    List<Target> usable = set.usable();
    if (usable.isEmpty()) {
      return ifEmpty;
    }
    pool.touch();
    Balancer chooser = balancerFor(set);
    if (!tried.isEmpty() && firstUntried(usable, tried) == null) {
      Target elsewhere = firstUntried(set.fit(), tried);
      return elsewhere != null ? elsewhere : choose(chooser, set, key, List.of());
    }
    return usable.size() == 1 ? usable.getFirst() : choose(chooser, set, key, tried);
  }

  /**
   * Tells, on this event loop, when DNS has answered (or failed to) for every name among the
   * endpoints for the first time. At once where that has been.
   */
  public Future<Void> resolved() {
    Pool waitedFor = pool;
    Context loop = Vertx.currentContext();
    if (waitedFor == null || loop == null || waitedFor.resolved().isComplete()) {
      return Future.succeededFuture();
    }
    Promise<Void> promise = Promise.promise();
    waitedFor.resolved().onComplete(_ -> loop.runOnContext(_ -> promise.complete()));
    return promise.future();
  }

  boolean isClosed() {
    return pool != null && pool.isClosed();
  }

  private Target choose(Balancer chooser, TargetSet set, long key, List<Target> tried) {
    long now = set.warmAt() == Fitness.WARM || pool == null ? 0 : pool.now();
    return chooser.choose(key, tried, set.warming(now), now);
  }

  @SuppressWarnings("ReferenceEquality") // A set is published once; the same one is no news.
  private Balancer balancerFor(TargetSet set) {
    Balancer known = balancer;
    if (known == null || seen == null || seen.policy() != set.policy()) {
      known =
          switch (set.policy()) {
            case ROUND_ROBIN -> new RoundRobin(set, random);
            case LEAST_REQUESTS -> new LeastRequests(set, random);
            case CONSISTENT_HASH -> new ConsistentHash(set);
          };
      balancer = known;
    } else if (seen != set) {
      known.adopt(set);
    }
    seen = set;
    return known;
  }

  private static @Nullable Target firstUntried(List<Target> targets, List<Target> tried) {
    for (int i = 0; i < targets.size(); i++) {
      Target target = targets.get(i);
      if (!tried.contains(target)) {
        return target;
      }
    }
    return null;
  }
}
