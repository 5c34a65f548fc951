package dev.gatehouse.contract.signature;

import java.security.GeneralSecurityException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Things that take long to set up and serve one thread at a time: as many are kept as were ever
 * used at once.
 */
final class Pool<T> {
  private final Maker<T> maker;
  private final Queue<T> idle = new ConcurrentLinkedQueue<>();

  /** Sets up one more. */
  @FunctionalInterface
  interface Maker<T> {
    T make() throws GeneralSecurityException;
  }

  Pool(Maker<T> maker) {
    this.maker = maker;
  }

  T take() throws GeneralSecurityException {
    @Nullable T pooled = idle.poll();
    return pooled == null ? maker.make() : pooled;
  }

  /** Only for one that did its work: what failed is dropped. */
  void giveBack(T usable) {
    idle.add(usable);
  }
}
