package dev.gatehouse.gateway.upstream;

import dev.gatehouse.contract.edge.EdgeService.Endpoint;
import io.vertx.core.net.SocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One address of an endpoint, and the lease of whoever sends a request there: call {@link #begun}
 * before an attempt and {@link #ended} exactly once after it. Shared by all event loops; any
 * thread. Lives as long as the address stands in the configuration (or in DNS); an attempt may end
 * after that.
 */
public final class Target implements Pick {
  private final Pool pool;
  private final SocketAddress address;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger failuresInARow = new AtomicInteger();
  private volatile Endpoint endpoint;
  private volatile @Nullable Failure lastFailure;

  /** What is known of its fitness. Changes under the pool's lock alone. */
  final Fitness fitness;

  Target(Pool pool, Endpoint endpoint, String address, Fitness fitness) {
    this.pool = pool;
    this.endpoint = endpoint;
    this.address = SocketAddress.inetSocketAddress(endpoint.port(), address);
    this.fitness = fitness;
  }

  /** IP address and port to connect to. */
  public SocketAddress address() {
    return address;
  }

  /** What the configuration says of it: TLS, and the host for SNI and for checking certificates. */
  public Endpoint endpoint() {
    return endpoint;
  }

  /** An attempt begins. */
  public void begun() {
    inFlight.incrementAndGet();
  }

  /** An attempt has ended: once for each {@link #begun}. */
  public void ended(Outcome outcome) {
    ended(outcome, "");
  }

  /**
   * The same.
   *
   * @param why it failed, in words; empty if it did not, or nobody knows
   */
  public void ended(Outcome outcome, String why) {
    if (!why.isEmpty()) {
      failed(why);
    }
    inFlight.decrementAndGet();
    switch (outcome) {
      case SUCCESS -> {
        if (failuresInARow.get() != 0) {
          failuresInARow.set(0);
        }
      }
      case FAILED_CONNECT, FAILED -> pool.failed(this, outcome, failuresInARow.incrementAndGet());
      case ABANDONED -> {}
    }
  }

  /** Attempts under way, of all event loops. */
  public int inFlight() {
    return inFlight.get();
  }

  int weight() {
    return endpoint.weight().orElse(1);
  }

  void endpoint(Endpoint changed) {
    this.endpoint = changed;
  }

  /** Notes what went wrong, for operators. */
  void failed(String why) {
    lastFailure = new Failure(why, pool.now());
  }

  /** What went wrong last; null if nothing has. */
  @Nullable Failure lastFailure() {
    return lastFailure;
  }

  void forgetFailures() {
    failuresInARow.set(0);
  }

  @Override
  public String toString() {
    return address.host() + ":" + address.port();
  }

  /**
   * Something that went wrong.
   *
   * @param at when, on the clock of the pool
   */
  record Failure(String why, long at) {}
}
