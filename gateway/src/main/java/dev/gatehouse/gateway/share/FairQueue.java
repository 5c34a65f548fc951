package dev.gatehouse.gateway.share;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The requests that wait for one service, served by deficit round robin over the tenants that have
 * any (Shreedhar and Varghese, "Efficient Fair Queueing Using Deficit Round Robin", SIGCOMM 1995).
 * Every request costs 1; a tenant's quantum is its weight. So in each round a tenant sends as many
 * requests as its weight says, and one that has nothing left to send loses what remained of its
 * turn.
 *
 * <p>Turns are fair in requests, not in time: requests that take long would fill the places one by
 * one. So a tenant that has its share of the places in flight already is passed over while another
 * waits that has not.
 *
 * <p>Within a tenant the oldest goes first. The newest first would keep some requests fast while a
 * tenant overloads itself, at the price of never serving others and of changing the order of one
 * client's requests; the bound on the wait caps what serving old requests can waste.
 *
 * <p>Every operation takes constant time but {@link #poll}, which passes over no more tenants than
 * there are requests in flight, and {@link #longest()} and {@link #removeExpired}, which look at
 * each tenant.
 */
final class FairQueue {
  /** Those that have anything in flight or waiting. */
  private final Map<UUID, TenantShare> tenants = new HashMap<>();

  /** Of these tenants. */
  private long weights;

  /** Whose turn it is; the others that wait follow in a ring. */
  private @Nullable TenantShare turn;

  private int size;

  int size() {
    return size;
  }

  /** How many requests of each tenant wait; none of those that have none. */
  Map<UUID, Integer> sizes() {
    if (size == 0) {
      return Map.of();
    }
    Map<UUID, Integer> sizes = new HashMap<>();
    for (TenantShare tenant : tenants.values()) {
      if (tenant.waiting() > 0) {
        sizes.put(tenant.tenant, tenant.waiting());
      }
    }
    return sizes;
  }

  /** What a tenant has here; a new one is remembered once something of it waits or is in flight. */
  TenantShare of(UUID tenant) {
    TenantShare known = tenants.get(tenant);
    return known == null ? new TenantShare(tenant) : known;
  }

  /**
   * Adds a request at the end of its tenant's.
   *
   * @param weight of the tenant, from now on
   */
  void add(Permit permit, int weight) {
    TenantShare tenant = permit.tenant();
    keep(tenant, weight);
    tenant.add(permit);
    size++;
    if (tenant.waiting() == 1) {
      enterRing(tenant);
    }
  }

  /**
   * Counts a request that need not wait as in flight.
   *
   * @param weight of the tenant, from now on
   */
  void pass(Permit permit, int weight) {
    keep(permit.tenant(), weight);
    permit.tenant().began();
  }

  /**
   * Takes out the one whose turn it is, and counts it as in flight; null if nobody waits.
   *
   * @param places how many may be in flight
   */
  @Nullable Permit poll(int places) {
    TenantShare passedOver = turn;
    if (passedOver == null) {
      return null;
    }
    TenantShare tenant = firstWithLessThanItsShare(passedOver, places);
    if (tenant != passedOver) {
      passedOver.deficit = 0;
      turn = tenant;
    }
    if (tenant.deficit == 0) {
      tenant.deficit = tenant.weight();
    }
    tenant.deficit--;
    Permit permit = tenant.oldest();
    if (permit != null) {
      tenant.began();
      remove(permit);
    }
    if (turn == tenant && tenant.deficit == 0) {
      turn = tenant.next;
    }
    return permit;
  }

  /**
   * Whose request goes next: the next tenant's that has less than its share, or that whose turn it
   * is if none has; null if nobody waits.
   *
   * @param places how many may be in flight
   */
  @Nullable TenantShare next(int places) {
    TenantShare tenant = turn;
    return tenant == null ? null : firstWithLessThanItsShare(tenant, places);
  }

  private TenantShare firstWithLessThanItsShare(TenantShare first, int places) {
    TenantShare candidate = first;
    do {
      if (hasLessThanItsShare(candidate, places)) {
        return candidate;
      }
      candidate = ringNeighbour(candidate.next);
    } while (candidate != first);
    return first;
  }

  /** Of the places, by weight; one at least. */
  private long shareOf(TenantShare tenant, int places) {
    return Math.max(1, places * (long) tenant.weight() / weights);
  }

  /** Whether a tenant's next request has a better right to a place than others' have. */
  boolean hasLessThanItsShare(TenantShare tenant, int places) {
    return tenant.inFlight() < shareOf(tenant, places);
  }

  /** Whether a tenant has more in flight than its share, however small that is. */
  boolean hasMoreThanItsShare(TenantShare tenant, int inFlight, int places) {
    return inFlight * weights > places * (long) tenant.weight();
  }

  /** One that was in flight is no more. */
  void ended(Permit permit) {
    permit.tenant().ended();
    forgetIfEmpty(permit.tenant());
  }

  /** Takes out one that waits here. */
  void remove(Permit permit) {
    TenantShare tenant = permit.tenant();
    tenant.remove(permit);
    size--;
    if (tenant.waiting() == 0) {
      leaveRing(tenant);
      forgetIfEmpty(tenant);
    }
  }

  private void keep(TenantShare tenant, int weight) {
    if (tenant.isEmpty()) {
      tenants.put(tenant.tenant, tenant);
      weights += weight;
    } else {
      weights += weight - tenant.weight();
    }
    tenant.weight(weight);
  }

  private void forgetIfEmpty(TenantShare tenant) {
    if (tenant.isEmpty()) {
      tenants.remove(tenant.tenant);
      weights -= tenant.weight();
    }
  }

  /** The tenant that has most waiting; null if nobody waits. */
  @Nullable TenantShare longest() {
    TenantShare longest = null;
    for (TenantShare tenant : tenants.values()) {
      if (longest == null || tenant.waiting() > longest.waiting()) {
        longest = tenant;
      }
    }
    return longest;
  }

  /** Takes out those whose time is up. */
  List<Permit> removeExpired(long nowNanos) {
    if (size == 0) {
      return List.of();
    }
    List<Permit> expired = new ArrayList<>();
    for (TenantShare tenant : tenants.values()) {
      tenant.collectExpired(nowNanos, expired);
    }
    expired.forEach(this::remove);
    return expired;
  }

  /** A newcomer comes last in the present round: just before the one whose turn it is. */
  private void enterRing(TenantShare tenant) {
    TenantShare current = turn;
    if (current == null) {
      turn = tenant;
      tenant.next = tenant;
      tenant.previous = tenant;
      return;
    }
    TenantShare before = ringNeighbour(current.previous);
    tenant.previous = before;
    tenant.next = current;
    before.next = tenant;
    current.previous = tenant;
  }

  private void leaveRing(TenantShare tenant) {
    TenantShare next = ringNeighbour(tenant.next);
    if (next == tenant) {
      turn = null;
    } else {
      TenantShare previous = ringNeighbour(tenant.previous);
      previous.next = next;
      next.previous = previous;
      if (turn == tenant) {
        turn = next;
      }
    }
    tenant.next = null;
    tenant.previous = null;
    tenant.deficit = 0;
  }

  private static TenantShare ringNeighbour(@Nullable TenantShare tenant) {
    if (tenant == null) {
      throw new IllegalStateException("a tenant in the ring must have neighbours");
    }
    return tenant;
  }
}
