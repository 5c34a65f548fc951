package dev.gatehouse.contract.database;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who may have which connection: the bounds of all pools together. It opens none itself: whoever is
 * given a slot without a connection opens one, and gives or drops the slot in any case.
 *
 * <p>Where there is no room, the connection that nobody has used for longest is closed for another
 * pool's; one in use never is. Who waits is served in turn, so that a tenant which asks for much
 * makes others wait no longer than everybody. Any thread; never blocks.
 *
 * @param <C> a connection
 */
final class BoundedPool<C> {
  private static final long LEAST_WAIT_NANOS = 1_000_000;
  private static final long MOST_WAIT_NANOS = 10_000_000_000L;

  private final PoolSettings settings;
  private final Consumer<C> closer;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<PoolKey, Pool<C>> pools = new HashMap<>();
  private final Set<Slot<C>> idleSince = new LinkedHashSet<>();
  private final Set<Waiter<C>> waiting = new LinkedHashSet<>();
  private int slots;
  private boolean closed;
  private boolean willExpire;

  /**
   * @param closer ends a connection that nobody uses; must not block for long
   */
  BoundedPool(PoolSettings settings, Consumer<C> closer) {
    this.settings = settings;
    this.closer = closer;
  }

  /** The right to one connection, and the connection once it is open. */
  static final class Slot<C> {
    private final PoolKey key;
    private volatile @Nullable C connection;
    private long idleNanos;

    private Slot(PoolKey key) {
      this.key = key;
    }

    /** Empty: open one. */
    Optional<C> connection() {
      return Optional.ofNullable(connection);
    }

    void opened(C opened) {
      this.connection = opened;
    }
  }

  private static final class Pool<C> {
    private final Deque<Slot<C>> idle = new ArrayDeque<>();
    private int slots;
    private int waiting;
    private long lastUsedNanos;
  }

  private record Waiter<C>(PoolKey key, int limit, CompletableFuture<Slot<C>> turn) {
    /** Two of them are never the same one. */
    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  /** What there is to do when the lock is not held any more. */
  private final class Afterwards {
    private final List<C> toClose = new ArrayList<>();
    private final List<Runnable> toTell = new ArrayList<>();

    void run() {
      toClose.forEach(closer);
      toTell.forEach(Runnable::run);
    }
  }

  /**
   * A slot, at once or when it is its turn.
   *
   * @param limit how many the pool may have
   * @return fails with {@link TenantDatabaseException.Busy}
   */
  CompletableFuture<Slot<C>> take(PoolKey key, int limit) {
    Afterwards afterwards = new Afterwards();
    CompletableFuture<Slot<C>> answer = new CompletableFuture<>();
    lock.lock();
    try {
      if (closed) {
        answer.completeExceptionally(new TenantDatabaseException.Unavailable("the pool is closed"));
      } else {
        int most = Math.min(limit, settings.connectionsPerPool());
        Optional<Slot<C>> slot = slotNow(key, most, afterwards);
        if (slot.isPresent()) {
          answer.complete(slot.get());
        } else {
          queue(new Waiter<>(key, most, answer));
        }
      }
    } finally {
      lock.unlock();
    }
    afterwards.run();
    return answer;
  }

  private void queue(Waiter<C> waiter) {
    Pool<C> pool = pools.get(waiter.key());
    int before = pool == null ? 0 : pool.waiting;
    if (waiting.size() >= settings.waiting() || before >= settings.waitingPerPool()) {
      waiter.turn().completeExceptionally(busy("too many wait for a connection already"));
      return;
    }
    pools.computeIfAbsent(waiter.key(), _ -> new Pool<>()).waiting++;
    waiting.add(waiter);
    CompletableFuture<Slot<C>> _ =
        waiter
            .turn()
            .orTimeout(settings.patience().toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete((_, failure) -> {
              if (failure != null) {
                leave(waiter);
              }
            });
  }

  /** It has waited for too long. */
  private void leave(Waiter<C> waiter) {
    lock.lock();
    try {
      if (waiting.remove(waiter)) {
        noLongerWaiting(waiter.key());
      }
    } finally {
      lock.unlock();
    }
  }

  private void noLongerWaiting(PoolKey key) {
    Pool<C> pool = pools.get(key);
    if (pool != null) {
      pool.waiting--;
      forgetIfUnused(key, pool);
    }
  }

  static TenantDatabaseException.Busy busy(String why) {
    return new TenantDatabaseException.Busy(why);
  }

  private Optional<Slot<C>> slotNow(PoolKey key, int most, Afterwards afterwards) {
    Pool<C> pool = pools.get(key);
    if (pool != null) {
      pool.lastUsedNanos = System.nanoTime();
      Slot<C> idle = pool.idle.pollFirst();
      if (idle != null) {
        idleSince.remove(idle);
        return Optional.of(idle);
      }
    }
    if (!hasRoom(pool, most, afterwards)) {
      return Optional.empty();
    }
    Pool<C> mine = pools.computeIfAbsent(key, _ -> new Pool<>());
    mine.lastUsedNanos = System.nanoTime();
    mine.slots++;
    slots++;
    return Optional.of(new Slot<>(key));
  }

  private boolean hasRoom(@Nullable Pool<C> pool, int most, Afterwards afterwards) {
    int own = pool == null ? 0 : pool.slots;
    if (own >= most) {
      return false;
    }
    if (own == 0 && openPools() >= settings.pools() && !closeAPool(afterwards)) {
      return false;
    }
    if (slots < settings.connections()) {
      return true;
    }
    Iterator<Slot<C>> oldest = idleSince.iterator();
    if (!oldest.hasNext()) {
      return false;
    }
    evict(oldest.next(), afterwards);
    return true;
  }

  private long openPools() {
    return pools.values().stream().filter(pool -> pool.slots > 0).count();
  }

  /** The one that was not used for longest, and in which none is in use. */
  private boolean closeAPool(Afterwards afterwards) {
    Pool<C> oldest = null;
    for (Pool<C> pool : pools.values()) {
      if (pool.slots > 0
          && pool.slots == pool.idle.size()
          && (oldest == null || pool.lastUsedNanos - oldest.lastUsedNanos < 0)) {
        oldest = pool;
      }
    }
    if (oldest == null) {
      return false;
    }
    List.copyOf(oldest.idle).forEach(slot -> evict(slot, afterwards));
    return true;
  }

  private void evict(Slot<C> slot, Afterwards afterwards) {
    idleSince.remove(slot);
    Pool<C> pool = pools.get(slot.key);
    if (pool != null) {
      pool.idle.remove(slot);
    }
    slot.connection().ifPresent(afterwards.toClose::add);
    end(slot);
  }

  private void end(Slot<C> slot) {
    slots--;
    Pool<C> pool = pools.get(slot.key);
    if (pool != null) {
      pool.slots--;
      forgetIfUnused(slot.key, pool);
    }
  }

  private void forgetIfUnused(PoolKey key, Pool<C> pool) {
    if (pool.slots == 0 && pool.waiting == 0) {
      pools.remove(key);
    }
  }

  /** Its connection is as if it were new, and may be anybody's next. */
  void give(Slot<C> slot) {
    Afterwards afterwards = new Afterwards();
    lock.lock();
    try {
      Pool<C> pool = pools.get(slot.key);
      if (closed || pool == null) {
        slot.connection().ifPresent(afterwards.toClose::add);
        end(slot);
      } else {
        slot.idleNanos = System.nanoTime();
        pool.idle.addFirst(slot);
        idleSince.add(slot);
        serve(afterwards);
        expireLater();
      }
    } finally {
      lock.unlock();
    }
    afterwards.run();
  }

  /** It has no connection any more: the caller has closed it, or could not open it. */
  void drop(Slot<C> slot) {
    Afterwards afterwards = new Afterwards();
    lock.lock();
    try {
      end(slot);
      serve(afterwards);
    } finally {
      lock.unlock();
    }
    afterwards.run();
  }

  /** The server has closed it; whoever uses it finds out. */
  void lost(Slot<C> slot) {
    Afterwards afterwards = new Afterwards();
    lock.lock();
    try {
      if (idleSince.contains(slot)) {
        evict(slot, afterwards);
        afterwards.toClose.clear();
        serve(afterwards);
      }
    } finally {
      lock.unlock();
    }
    afterwards.run();
  }

  private void serve(Afterwards afterwards) {
    Iterator<Waiter<C>> next = waiting.iterator();
    while (next.hasNext() && (!idleSince.isEmpty() || slots < settings.connections())) {
      Waiter<C> waiter = next.next();
      if (waiter.turn().isDone()) {
        next.remove();
        noLongerWaiting(waiter.key());
        continue;
      }
      slotNow(waiter.key(), waiter.limit(), afterwards)
          .ifPresent(slot -> {
            next.remove();
            noLongerWaiting(waiter.key());
            afterwards.toTell.add(() -> {
              if (!waiter.turn().complete(slot)) {
                handBack(slot);
              }
            });
          });
    }
  }

  /** Who waited for it left in that moment. */
  private void handBack(Slot<C> slot) {
    if (slot.connection().isPresent()) {
      give(slot);
    } else {
      drop(slot);
    }
  }

  /** Sees to it that what is idle now is closed in time, used again or not; under the lock. */
  private void expireLater() {
    Iterator<Slot<C>> oldest = idleSince.iterator();
    if (willExpire || closed || !oldest.hasNext()) {
      return;
    }
    long left = settings.idle().toNanos() - (System.nanoTime() - oldest.next().idleNanos);
    // Never for long, so that a pool which was closed is soon forgotten.
    long wait = Math.clamp(left, LEAST_WAIT_NANOS, MOST_WAIT_NANOS);
    willExpire = true;
    CompletableFuture.delayedExecutor(wait, TimeUnit.NANOSECONDS).execute(this::expire);
  }

  /** Closes what was not used for too long. */
  private void expire() {
    Afterwards afterwards = new Afterwards();
    long now = System.nanoTime();
    Duration idle = settings.idle();
    lock.lock();
    try {
      willExpire = false;
      Iterator<Slot<C>> oldest = List.copyOf(idleSince).iterator();
      while (oldest.hasNext()) {
        Slot<C> slot = oldest.next();
        if (now - slot.idleNanos < idle.toNanos()) {
          break;
        }
        evict(slot, afterwards);
      }
      serve(afterwards);
      expireLater();
    } finally {
      lock.unlock();
    }
    afterwards.run();
  }

  /**
   * Closes all that nobody uses; the others when they are given back. Nobody is served any more.
   */
  void close() {
    Afterwards afterwards = new Afterwards();
    lock.lock();
    try {
      closed = true;
      List.copyOf(idleSince).forEach(slot -> evict(slot, afterwards));
      waiting.forEach(waiter ->
          afterwards.toTell.add(() ->
              waiter
                  .turn()
                  .completeExceptionally(
                      new TenantDatabaseException.Unavailable("the pool is closed"))));
    } finally {
      lock.unlock();
    }
    afterwards.run();
  }

  /** How it is used at the moment. */
  PoolUsage usage() {
    lock.lock();
    try {
      return new PoolUsage((int) openPools(), slots, slots - idleSince.size(), waiting.size());
    } finally {
      lock.unlock();
    }
  }
}
