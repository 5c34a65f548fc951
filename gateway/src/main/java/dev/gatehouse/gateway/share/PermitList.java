package dev.gatehouse.gateway.share;

import org.jspecify.annotations.Nullable;

/** Permits in the order in which they came. Linked through the permits: one can leave anywhere. */
final class PermitList {
  private @Nullable Permit first;
  private @Nullable Permit last;
  private int size;

  int size() {
    return size;
  }

  /** Adds one that is in no list, as the newest. */
  void add(Permit permit) {
    permit.previous = last;
    if (last == null) {
      first = permit;
    } else {
      last.next = permit;
    }
    last = permit;
    size++;
  }

  /** Takes out one that is in this list. */
  void remove(Permit permit) {
    if (permit.previous == null) {
      first = permit.next;
    } else {
      permit.previous.next = permit.next;
    }
    if (permit.next == null) {
      last = permit.previous;
    } else {
      permit.next.previous = permit.previous;
    }
    permit.previous = null;
    permit.next = null;
    size--;
  }

  /** The one that has been here longest. */
  @Nullable Permit oldest() {
    return first;
  }

  /** The one that came last. */
  @Nullable Permit newest() {
    return last;
  }
}
