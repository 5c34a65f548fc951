package dev.gatehouse.gateway.share;

import org.jspecify.annotations.Nullable;

/**
 * A request's place at a service: first in the queue, where it has to wait, then in flight. Made by
 * {@link ServiceShare#enter}; every method in constant time, on the share's event loop.
 */
public final class Permit {
  private final ServiceShare share;
  private final TenantShare tenant;
  private final Waiter waiter;
  private final long enteredNanos;
  private State state = State.NEW;
  private int began;
  private long admittedNanos;

  long deadlineNanos;

  // Belong to the PermitList that it is in: its tenant's queue, then what its share has in flight.
  @Nullable Permit previous;
  @Nullable Permit next;

  Permit(ServiceShare share, TenantShare tenant, Waiter waiter, long enteredNanos) {
    this.share = share;
    this.tenant = tenant;
    this.waiter = waiter;
    this.enteredNanos = enteredNanos;
  }

  /**
   * Ends the request's time in flight; the next one that waits takes its place. Does nothing the
   * second time.
   *
   * @param nanosToFirstByte from {@link Waiter#admitted}, or from {@link #whole} where that was
   *     called, to the head of the response; counts with {@link Outcome#SUCCESS} only
   */
  public void release(Outcome outcome, long nanosToFirstByte) {
    switch (state) {
      case ADMITTED -> {
        state = State.DONE;
        share.released(this, outcome, nanosToFirstByte);
      }
      case ASIDE -> {
        state = State.DONE;
        share.returned();
      }
      case LENT -> {
        state = State.DONE;
        share.endedLent(this);
      }
      case NEW, WAITING, DONE -> {}
    }
  }

  /** The client has gone: leaves the queue, or the flight with {@link Outcome#IGNORED}. */
  public void cancel() {
    if (state == State.WAITING) {
      state = State.DONE;
      share.cancelled(this);
    } else {
      release(Outcome.IGNORED, 0);
    }
  }

  /**
   * All of the request is on its way to the service, whose time counts from here: what the client
   * took says nothing of the service. If its place was lent, it counts again.
   */
  public void whole() {
    switch (state) {
      case ADMITTED -> share.whole(this);
      case LENT -> {
        state = State.ADMITTED;
        share.takeBack(this);
      }
      case NEW, WAITING, ASIDE, DONE -> {}
    }
  }

  /** Whether it still waits for its turn. */
  public boolean isWaiting() {
    return state == State.WAITING;
  }

  TenantShare tenant() {
    return tenant;
  }

  Waiter waiter() {
    return waiter;
  }

  long enteredNanos() {
    return enteredNanos;
  }

  /** What the limit wants to hear again when it ends. */
  int began() {
    return began;
  }

  void waiting() {
    state = State.WAITING;
  }

  /** When its time in flight began. */
  long admittedNanos() {
    return admittedNanos;
  }

  void admit(int startedAs, long nowNanos) {
    state = State.ADMITTED;
    startedAs(startedAs, nowNanos);
    waiter.admitted(this);
  }

  /** Its time in flight counts from now. */
  void startedAs(int startedAs, long nowNanos) {
    began = startedAs;
    admittedNanos = nowNanos;
  }

  /** Another may have its place until it is whole. */
  void lend() {
    state = State.LENT;
  }

  /** It is still in flight, and counts no more. */
  void setAside() {
    state = State.ASIDE;
  }

  void refused() {
    state = State.DONE;
  }

  private enum State {
    NEW,
    WAITING,
    ADMITTED,
    ASIDE,
    LENT,
    DONE
  }
}
