package dev.gatehouse.gateway.share;

import dev.gatehouse.contract.edge.Concurrency;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.Retries;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.rejection.Rejection;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One event loop's share of one service: how many requests it may have in flight, and which waits
 * for its turn. Belongs to its event loop. Where the service has room, a request costs one object
 * and a few additions.
 *
 * <p>The bounds on what waits hold for each event loop, divided as the limit is.
 */
public final class ServiceShare {
  private static final int MAX_ASIDE = AdaptiveLimit.MAX;

  private final int eventLoops;
  private final LongSupplier clock;
  private final ServiceMeters meters;
  private final ServiceMeters.Part published;
  private final FairQueue queue = new FairQueue();
  private final RetryBudget retryBudget;
  private final ShareKey key;
  private final AdaptiveLimit adaptive;
  private EdgeService service;
  private ConcurrencyLimit limit;
  private QueueBounds bounds;

  /** What counts against the limit; the others in flight are set aside. */
  private final PermitList inFlight = new PermitList();

  private final SlowClients slowClients = new SlowClients(inFlight, queue);

  private int aside;
  private boolean admitting;
  private long lastUsedNanos;

  /**
   * @param clock nanoseconds, as of {@link System#nanoTime()}
   * @param adaptive what all event loops find together, where the service names no limit
   */
  ServiceShare(
      EdgeService service,
      ShareKey key,
      int eventLoops,
      LongSupplier clock,
      ServiceMeters meters,
      AdaptiveLimit adaptive) {
    this.key = key;
    this.adaptive = adaptive;
    this.limit = adaptive;
    this.eventLoops = eventLoops;
    this.clock = clock;
    this.meters = meters;
    this.published = meters.newPart(key);
    this.service = service;
    this.bounds = QueueBounds.of(Concurrency.DEFAULT, eventLoops);
    this.retryBudget = new RetryBudget(RetryBudget.DEFAULT_PERCENT, eventLoops, clock);
    configure(service);
  }

  /** Whose endpoints it is of. */
  ShareKey key() {
    return key;
  }

  /** The service as it was when the share was last asked for. */
  EdgeService service() {
    return service;
  }

  /** Goes on with what is in flight and what waits, by other limits. */
  void configure(EdgeService changed) {
    service = changed;
    Concurrency concurrency = changed.concurrency().orElse(Concurrency.DEFAULT);
    bounds = QueueBounds.of(concurrency, eventLoops);
    limit =
        concurrency.maxRequests().isPresent()
            ? FixedLimit.share(concurrency.maxRequests().getAsInt(), eventLoops)
            : adaptive;
    retryBudget.percent(
        changed
            .retries()
            .orElse(Retries.DEFAULT)
            .budgetPercent()
            .orElse(RetryBudget.DEFAULT_PERCENT));
    admitWaiting();
  }

  /**
   * Sends a request, or lets it wait for its turn. The waiter is called before this returns where
   * the service has room.
   *
   * @return its place; release it when the request has ended, cancel it when the client has gone
   * @throws Rejection.Overloaded if it may not even wait; the waiter is then not called
   */
  public Permit enter(Tenant tenant, Waiter waiter) {
    long now = clock.getAsLong();
    lastUsedNanos = now;
    TenantShare tenantShare = queue.of(tenant.edge().id());
    Permit permit = new Permit(this, tenantShare, waiter, now);
    if (queue.size() == 0 && inFlight.size() < limit.current()) {
      retryBudget.request(now);
      queue.pass(permit, tenant.weight());
      admit(permit, now);
      return permit;
    }
    Permit displaced = makeRoom(tenantShare.waiting());
    retryBudget.request(now);
    permit.deadlineNanos = now + bounds.maxWait().toNanos();
    permit.waiting();
    queue.add(permit, tenant.weight());
    lendTo(tenantShare, now);
    if (displaced != null) {
      refuse(displaced, Rejection.Overloaded.DISPLACED, ServiceMeters.Refusal.DISPLACED);
    }
    return permit;
  }

  /** Retries, over all requests of this share. */
  public RetryBudget retryBudget() {
    return retryBudget;
  }

  /** Requests sent and not yet ended. */
  public int inFlight() {
    return inFlight.size() + slowClients.lent() + aside;
  }

  /** Those in flight whose places others have. */
  int lent() {
    return slowClients.lent();
  }

  /** Requests that wait. */
  public int waiting() {
    return queue.size();
  }

  /** How many may be in flight now. */
  public int limit() {
    return limit.current();
  }

  /**
   * Takes the newest of the longest queue out if all places are taken and that tenant has more
   * waiting than the newcomer's would then have; null if there is room.
   *
   * @param own what the newcomer's has waiting
   */
  private @Nullable Permit makeRoom(int own) {
    if (own >= bounds.waitingPerTenant()) {
      meters.refused(ServiceMeters.Refusal.TENANT_QUEUE_FULL);
      throw Rejection.Overloaded.tenantQueueFull(bounds.waitingPerTenant());
    }
    if (queue.size() < bounds.waiting()) {
      return null;
    }
    TenantShare longest = queue.longest();
    Permit newest = longest == null ? null : longest.newest();
    if (longest == null || newest == null || longest.waiting() <= own + 1) {
      meters.refused(ServiceMeters.Refusal.QUEUE_FULL);
      throw Rejection.Overloaded.queueFull(bounds.waiting());
    }
    queue.remove(newest);
    newest.refused();
    return newest;
  }

  /**
   * Sets aside what is held back at the service, lends the places of clients that are behind, ends
   * what is held up by its client while others wait, refuses what has waited too long for its turn,
   * and tells the meters what holds now.
   */
  void expire(long nowNanos) {
    if (setAside(nowNanos)) {
      admitWaiting();
    }
    lendToWaiting(nowNanos);
    endSlowClients(nowNanos);
    List<Permit> expired = queue.removeExpired(nowNanos);
    expired.forEach(Permit::refused);
    for (Permit permit : expired) {
      Rejection tooLong = Rejection.Overloaded.waitedTooLong(bounds.maxWait());
      refuse(permit, tooLong, ServiceMeters.Refusal.WAITED_TOO_LONG);
    }
    published.update(inFlight(), limit.current(), queue.sizes());
  }

  /**
   * The oldest first: where it is not held back, no other is. What its client holds up is not held
   * back by the service, and would become work for it all at once.
   */
  private boolean setAside(long nowNanos) {
    boolean any = false;
    Permit next = inFlight.oldest();
    while (next != null && aside < MAX_ASIDE) {
      Permit permit = next;
      if (!limit.isHeldBack(nowNanos - permit.admittedNanos())) {
        break;
      }
      next = permit.next;
      if (!permit.waiter().awaitsSlowClient(nowNanos)) {
        inFlight.remove(permit);
        queue.ended(permit);
        permit.setAside();
        aside++;
        any = true;
      }
    }
    return any;
  }

  private void endSlowClients(long nowNanos) {
    for (Permit permit : slowClients.toEnd(limit.current(), nowNanos)) {
      refuse(
          permit, Rejection.RequestTimedOut.WHILE_OTHERS_WAIT, ServiceMeters.Refusal.SLOW_CLIENT);
    }
  }

  private boolean lendTo(TenantShare waiting, long nowNanos) {
    Permit lender = slowClients.lendTo(waiting, limit.current(), nowNanos);
    if (lender == null) {
      return false;
    }
    limit.ended(lender.began(), Outcome.IGNORED, nowNanos, 0);
    admitWaiting();
    return true;
  }

  private void lendToWaiting(long nowNanos) {
    TenantShare next = queue.next(limit.current());
    while (next != null && lendTo(next, nowNanos)) {
      next = queue.next(limit.current());
    }
  }

  /** One that was lent is whole. There may be more in flight than the limit for a while. */
  void takeBack(Permit permit) {
    slowClients.remove(permit);
    inFlight.add(permit);
    long now = clock.getAsLong();
    permit.startedAs(limit.started(inFlight.size(), now), now);
  }

  /** One that was lent has ended. */
  void endedLent(Permit permit) {
    slowClients.remove(permit);
    queue.ended(permit);
  }

  /** The service works on it from now on. */
  void whole(Permit permit) {
    inFlight.remove(permit);
    inFlight.add(permit);
    permit.startedAs(permit.began(), clock.getAsLong());
  }

  /** One that was set aside has ended. */
  void returned() {
    aside--;
  }

  /** Takes what it told the meters back; nothing may be in it. */
  void close() {
    published.close();
  }

  /** Whether nothing is in it and nothing was for so long. */
  boolean isIdle(long nowNanos, long forNanos) {
    return inFlight() == 0 && queue.size() == 0 && nowNanos - lastUsedNanos >= forNanos;
  }

  void released(Permit permit, Outcome outcome, long nanosToFirstByte) {
    inFlight.remove(permit);
    queue.ended(permit);
    limit.ended(permit.began(), outcome, clock.getAsLong(), nanosToFirstByte);
    admitWaiting();
  }

  void cancelled(Permit permit) {
    queue.remove(permit);
  }

  private void refuse(Permit permit, Rejection rejection, ServiceMeters.Refusal reason) {
    meters.refused(reason);
    permit.waiter().refused(rejection);
  }

  /** A request that ends while it is being admitted must not start this again within itself. */
  private void admitWaiting() {
    if (admitting) {
      return;
    }
    admitting = true;
    try {
      while (inFlight.size() < limit.current()) {
        Permit permit = queue.poll(limit.current());
        if (permit == null) {
          return;
        }
        long now = clock.getAsLong();
        meters.waited(now - permit.enteredNanos());
        admit(permit, now);
      }
    } finally {
      admitting = false;
    }
  }

  private void admit(Permit permit, long nowNanos) {
    inFlight.add(permit);
    permit.admit(limit.started(inFlight.size(), nowNanos), nowNanos);
  }
}
