package dev.gatehouse.controlplane.feed;

import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The newest changes, in memory, for all sessions of an instance. Written by the {@link
 * ChangeReader} alone. Reading waits on a lock: a virtual thread of its own for each session.
 */
final class ChangeWindow {
  private static final int LINES_AT_ONCE = 500;

  private final int capacity;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final TreeMap<Long, FeedLine> lines = new TreeMap<>();
  private long heldAfter = Long.MAX_VALUE;
  private long newest = -1;
  private long completeAt = -1;

  ChangeWindow(int capacity) {
    this.capacity = capacity;
  }

  /** What a session does next. */
  sealed interface Next {
    /**
     * Send these lines; then all up to {@code through} is sent.
     *
     * @param complete whether whoever has applied them has the state of {@code through}: between
     *     two parts of one reading, an object that was changed again later is still missing
     */
    record Lines(List<FeedLine> lines, long through, boolean complete) implements Next {}

    /** There is nothing to send, and nothing has been missed. */
    record Quiet() implements Next {}

    /** What follows is not held here: ask the database. */
    record NotHeld() implements Next {}
  }

  /** The newest revision held; -1 before the first reading. */
  long newest() {
    lock.lock();
    try {
      return newest;
    } finally {
      lock.unlock();
    }
  }

  /** Forgets everything; from now on, what is newer than this revision is held. */
  void restartAt(long revision) {
    lock.lock();
    try {
      lines.clear();
      heldAfter = revision;
      newest = revision;
      completeAt = revision;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Adds changes, and forgets the oldest that are too many.
   *
   * @param complete whether they reach the newest revision of all
   */
  void append(List<FeedLine> more, long through, boolean complete) {
    lock.lock();
    try {
      more.forEach(line -> lines.put(line.revision(), line));
      newest = through;
      completeAt = complete ? through : completeAt;
      while (lines.size() > capacity) {
        heldAfter = lines.pollFirstEntry().getKey();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until there is something newer than the revision, but not longer than this. */
  Next after(long revision, Duration atMost) throws InterruptedException {
    lock.lock();
    try {
      long nanos = atMost.toNanos();
      while (revision >= heldAfter && revision >= newest) {
        if (nanos <= 0) {
          return revision == newest ? new Next.Quiet() : new Next.NotHeld();
        }
        nanos = changed.awaitNanos(nanos);
      }
      return revision < heldAfter ? new Next.NotHeld() : linesAfter(revision);
    } finally {
      lock.unlock();
    }
  }

  private Next.Lines linesAfter(long revision) {
    List<FeedLine> next =
        lines.tailMap(revision, false).values().stream().limit(LINES_AT_ONCE).toList();
    boolean more = next.size() == LINES_AT_ONCE;
    return more
        ? new Next.Lines(next, next.getLast().revision(), false)
        : new Next.Lines(next, newest, newest == completeAt);
  }
}
