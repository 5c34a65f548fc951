package dev.gatehouse.gateway.directory;

import dev.gatehouse.contract.edge.EdgeClientAuthority;
import dev.gatehouse.contract.edge.EdgeForwardAuth;
import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import dev.gatehouse.contract.edge.EdgeIntrospection;
import dev.gatehouse.contract.edge.EdgeLimits;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.contract.edge.FeedMessage;
import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.gateway.limit.RateLimiter;
import dev.gatehouse.gateway.limit.TenantLimiter;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The directory that holds now, and how it changes. {@link #apply} and {@link #forEachObject}
 * belong to one thread; everything else may be read from any.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes.
public final class LiveDirectory {
  private final Hostname baseDomain;
  private final RateLimiter rateLimiter;
  private final ServiceListener services;
  private volatile TenantDirectory current;
  private volatile long revision = -1;
  private volatile long completeRevision = -1;
  private volatile long withdrawals;
  private @Nullable TenantDirectory filling;

  /**
   * @param baseDomain tenants are reached at {@code slug.<base domain>}
   * @param rateLimiter makes the tenants' limiters
   * @param services is told of services and tenants
   */
  public LiveDirectory(Hostname baseDomain, RateLimiter rateLimiter, ServiceListener services) {
    this.services = services;
    this.baseDomain = baseDomain;
    this.rateLimiter = rateLimiter;
    this.current = new TenantDirectory(baseDomain);
  }

  /** What requests are decided by. Read it once a request. */
  public TenantDirectory current() {
    return current;
  }

  /** The newest revision that was applied; -1 before the first snapshot. */
  public long revision() {
    return revision;
  }

  /**
   * The newest revision whose whole state requests are decided by: what the gateway may say that it
   * has applied.
   */
  public long completeRevision() {
    return completeRevision;
  }

  /**
   * Grows whenever somebody may have lost what they had: a tenant or its identity providers changed
   * or went, a key went, or everything was replaced. To be compared with what it was; read it
   * before the directory.
   */
  public long withdrawals() {
    return withdrawals;
  }

  /** Whether it has been filled once, from the feed or from disk. */
  public boolean isReady() {
    return revision >= 0;
  }

  /**
   * Applies one line of the feed. What it says holds for every request that begins after this
   * returned; but a snapshot holds from its last line on, and changes of services and routes from
   * the heartbeat on that follows them.
   *
   * @throws IllegalArgumentException if the object breaks a rule of the edge; the rest stays as it
   *     was
   */
  public void apply(FeedMessage message) {
    switch (message) {
      case FeedMessage.Ask _ -> {}
      case FeedMessage.SnapshotBegin _ -> filling = new TenantDirectory(baseDomain);
      case FeedMessage.Upsert upsert -> upsert(upsert.revision(), upsert.object());
      case FeedMessage.Remove remove -> {
        target().remove(remove.kind(), remove.key(), this::limiterOf);
        advance(remove.revision());
        if (filling == null && remove.kind() == EdgeObject.Kind.TENANT) {
          services.tenantGone(UUID.fromString(remove.key()));
        }
      }
      case FeedMessage.SnapshotEnd end -> {
        TenantDirectory whole = target();
        whole.compileRoutes();
        whole.services().forEach(services::apply);
        current = whole;
        filling = null;
        services.retainOnly(whole.services());
        revision = end.revision();
        completeRevision = end.revision();
      }
      case FeedMessage.Heartbeat heartbeat -> {
        if (current.compileRoutes()) {
          services.retainOnly(current.services());
        }
        completeRevision = heartbeat.revision();
      }
    }
    if (mayWithdraw(message)) {
      withdrawals++;
    }
  }

  private boolean mayWithdraw(FeedMessage message) {
    return switch (message) {
      case FeedMessage.Upsert upsert ->
          filling == null
              && (upsert.object() instanceof EdgeTenant
                  || upsert.object() instanceof EdgeIdentityProvider
                  || upsert.object() instanceof EdgeClientAuthority
                  || upsert.object() instanceof EdgeIntrospection
                  || upsert.object() instanceof EdgeForwardAuth);
      case FeedMessage.Remove _ -> filling == null;
      case FeedMessage.SnapshotEnd _ -> true;
      case FeedMessage.SnapshotBegin _, FeedMessage.Heartbeat _, FeedMessage.Ask _ -> false;
    };
  }

  /** A user's session has ended, and what is under way by it with it. Only the writing thread. */
  public void sessionEnded() {
    withdrawals++;
  }

  /** Forgets a snapshot that did not arrive whole. */
  public void abandonSnapshot() {
    filling = null;
  }

  /** Every object that holds now. */
  void forEachObject(Consumer<EdgeObject> visitor) {
    current.forEachObject(visitor);
  }

  private void upsert(long atRevision, EdgeObject object) {
    if (filling == null) {
      switch (object) {
        case EdgeService service -> services.apply(service);
        case EdgeTenant tenant -> services.tenantChanged(tenant, atRevision);
        default -> {}
      }
    }
    target().upsert(atRevision, object, this::limiterOf);
    advance(atRevision);
  }

  private TenantDirectory target() {
    return filling == null ? current : filling;
  }

  private void advance(long toRevision) {
    if (filling == null) {
      revision = Math.max(revision, toRevision);
    }
  }

  /** A tenant keeps its limiter through changes and through whole snapshots. */
  private TenantLimiter limiterOf(UUID tenant, EdgeLimits limits, @Nullable Tenant before) {
    Tenant known = before == null ? current.byId(tenant).orElse(null) : before;
    if (known == null) {
      return rateLimiter.limiterFor(tenant, limits);
    }
    return rateLimiter.changed(known.limiter(), tenant, limits);
  }
}
