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
 * Every request costs 1, whatever it makes the service do; a tenant's quantum is its weight. So in
 * each round a tenant sends as many requests as its weight says, and one that has nothing left to
 * send loses what remained of its turn.
 *
 * <p>Within a tenant the oldest goes first. The newest first would keep some requests fast while a
 * tenant overloads itself, at the price of never serving others and of changing the order of one
 * client's requests; the bound on the wait caps what serving old requests can waste.
 *
 * <p>Every operation takes constant time but {@link #longest()} and {@link #removeExpired}, which
 * look at each tenant that waits.
 */
final class FairQueue {
  private final Map<UUID, TenantQueue> queues = new HashMap<>();

  /** Whose turn it is; the others follow in a ring. */
  private @Nullable TenantQueue turn;

  private int size;

  int size() {
    return size;
  }

  /** How many requests of a tenant wait. */
  int sizeOf(UUID tenant) {
    TenantQueue queue = queues.get(tenant);
    return queue == null ? 0 : queue.size();
  }

  /** How many requests of each tenant wait; none of those that have none. */
  Map<UUID, Integer> sizes() {
    if (size == 0) {
      return Map.of();
    }
    Map<UUID, Integer> sizes = HashMap.newHashMap(queues.size());
    queues.forEach((tenant, queue) -> sizes.put(tenant, queue.size()));
    return sizes;
  }

  /**
   * Adds a request at the end of its tenant's.
   *
   * @param weight of the tenant, from now on
   */
  void add(UUID tenant, int weight, Permit permit) {
    TenantQueue queue = queues.get(tenant);
    if (queue == null) {
      queue = new TenantQueue(tenant);
      queues.put(tenant, queue);
      enterRing(queue);
    }
    queue.add(permit, weight);
    size++;
  }

  /** Takes out the one whose turn it is; null if nobody waits. */
  @Nullable Permit poll() {
    TenantQueue queue = turn;
    if (queue == null) {
      return null;
    }
    if (queue.deficit == 0) {
      queue.deficit = queue.weight();
    }
    queue.deficit--;
    Permit permit = queue.oldest();
    if (permit != null) {
      remove(permit);
    }
    if (turn == queue && queue.deficit == 0) {
      turn = queue.next;
    }
    return permit;
  }

  /** Takes out one that waits here. */
  void remove(Permit permit) {
    TenantQueue queue = permit.queue;
    if (queue == null) {
      return;
    }
    queue.remove(permit);
    size--;
    if (queue.size() == 0) {
      queues.remove(queue.tenant);
      leaveRing(queue);
    }
  }

  /** The queue of the tenant that has most waiting; null if nobody waits. */
  @Nullable TenantQueue longest() {
    TenantQueue longest = null;
    for (TenantQueue queue : queues.values()) {
      if (longest == null || queue.size() > longest.size()) {
        longest = queue;
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
    for (TenantQueue queue : queues.values()) {
      queue.collectExpired(nowNanos, expired);
    }
    expired.forEach(this::remove);
    return expired;
  }

  /** A newcomer comes last in the present round: just before the one whose turn it is. */
  private void enterRing(TenantQueue queue) {
    TenantQueue current = turn;
    if (current == null) {
      turn = queue;
      queue.next = queue;
      queue.previous = queue;
      return;
    }
    TenantQueue before = ringNeighbour(current.previous);
    queue.previous = before;
    queue.next = current;
    before.next = queue;
    current.previous = queue;
  }

  private void leaveRing(TenantQueue queue) {
    TenantQueue next = ringNeighbour(queue.next);
    if (next == queue) {
      turn = null;
    } else {
      TenantQueue previous = ringNeighbour(queue.previous);
      previous.next = next;
      next.previous = previous;
      if (turn == queue) {
        turn = next;
      }
    }
    queue.next = null;
    queue.previous = null;
  }

  private static TenantQueue ringNeighbour(@Nullable TenantQueue queue) {
    if (queue == null) {
      throw new IllegalStateException("a queue in the ring must have neighbours");
    }
    return queue;
  }
}
