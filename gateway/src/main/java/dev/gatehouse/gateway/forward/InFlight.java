package dev.gatehouse.gateway.forward;

import dev.gatehouse.gateway.rejection.Rejection;
import io.netty.channel.Channel;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The requests that one event loop holds. A linked list through the requests themselves: to enter
 * and to leave costs nothing, and a sweep over all of them finds those whose time is up.
 */
final class InFlight {
  private @Nullable Entry first;
  private int size;

  /** How many there are. */
  int size() {
    return size;
  }

  /** Adds one that is not in any list. */
  void add(Entry entry) {
    entry.next = first;
    if (first != null) {
      first.previous = entry;
    }
    first = entry;
    size++;
  }

  /** Takes one out that is in this list. */
  void remove(Entry entry) {
    if (entry.previous == null) {
      first = entry.next;
    } else {
      entry.previous.next = entry.next;
    }
    if (entry.next != null) {
      entry.next.previous = entry.previous;
    }
    entry.next = null;
    entry.previous = null;
    size--;
  }

  /** All of them; they may leave meanwhile. */
  List<Entry> entries() {
    List<Entry> entries = new ArrayList<>(size);
    for (Entry entry = first; entry != null; entry = entry.next) {
      entries.add(entry);
    }
    return entries;
  }

  /** Whether it holds a request that came over this connection. */
  boolean holdsOneOf(Channel client) {
    for (Entry entry = first; entry != null; entry = entry.next) {
      if (entry.isOf(client)) {
        return true;
      }
    }
    return false;
  }

  /** The request that is being read from this connection; null if it holds none. */
  @Nullable Entry unreadOf(Channel client) {
    for (Entry entry = first; entry != null; entry = entry.next) {
      if (entry.isReadFrom(client)) {
        return entry;
      }
    }
    return null;
  }

  /** Tells every request whose deadline has passed. It may leave the list at that. */
  void expire(long nowNanos) {
    Entry entry = first;
    while (entry != null) {
      Entry next = entry.next;
      if (entry.deadlineNanos != Entry.NO_DEADLINE && nowNanos - entry.deadlineNanos > 0) {
        entry.deadlineNanos = Entry.NO_DEADLINE;
        entry.deadlinePassed();
      }
      entry = next;
    }
  }

  /** A request that an event loop holds. */
  abstract static class Entry implements UnderWay {
    static final long NO_DEADLINE = Long.MIN_VALUE;

    private @Nullable Entry previous;
    private @Nullable Entry next;
    private long deadlineNanos = NO_DEADLINE;

    /** Sets, moves or, with {@link #NO_DEADLINE}, lifts the deadline, on the clock of nanoTime. */
    final void deadline(long nanos) {
      this.deadlineNanos = nanos;
    }

    /** Whether it is a client's request, without an end yet, that came over this connection. */
    boolean isOf(Channel client) {
      return false;
    }

    /** Whether the body of a client's request is still to come over this connection. */
    boolean isReadFrom(Channel client) {
      return false;
    }

    /** The deadline has passed. */
    abstract void deadlinePassed();

    /**
     * It is to go elsewhere.
     *
     * @param tell tells a client whose request is under way
     */
    abstract void leave(Consumer<HttpServerRequest> tell);

    /** It may not go on: what let it in has been taken back. */
    abstract void revoke(Rejection why);
  }
}
