package dev.gatehouse.loadtests.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Sends encoded requests when they are due, whatever became of those before (an open loop). Latency
 * counts from the time at which a request was due: one that had to wait for a connection, or was
 * sent late, has waited (no coordinated omission). Everything happens on the calling thread but the
 * clock that wakes it.
 */
public final class OpenLoadGenerator implements AutoCloseable {
  private static final long MAX_LATENCY_NANOS = Duration.ofSeconds(60).toNanos();
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final InetSocketAddress target;
  private final WhenFull whenFull;
  private final Selector selector;
  private final List<Connection> connections = new ArrayList<>();
  private final Deque<Connection> idle = new ArrayDeque<>();
  private final ByteBuffer inbound = ByteBuffer.allocateDirect(16 * 1024);

  private Histogram latency = newHistogram();
  private long begin;
  private long countedSince;
  private int next;
  private long refused;
  private long wrongAnswers;
  private Optional<String> firstFault = Optional.empty();
  private long skipped;

  private OpenLoadGenerator(InetSocketAddress target, WhenFull whenFull, Selector selector) {
    this.target = target;
    this.whenFull = whenFull;
    this.selector = selector;
  }

  /** What becomes of a request that is due while all connections are taken. */
  public enum WhenFull {
    /** It is sent when one is free, and has waited until then. */
    WAIT,
    /** It is never sent. */
    SKIP
  }

  /**
   * Opens the connections.
   *
   * @param bodyLength of every right answer, in bytes
   * @throws IOException if the target does not accept them
   */
  public static OpenLoadGenerator connect(
      InetSocketAddress target,
      int connections,
      WhenFull whenFull,
      Requests requests,
      int bodyLength)
      throws IOException {
    OpenLoadGenerator generator = new OpenLoadGenerator(target, whenFull, Selector.open());
    try {
      for (int i = 0; i < connections; i++) {
        generator.connections.add(
            new Connection(target, generator.selector, requests, new Answer(bodyLength, true)));
      }
    } catch (IOException e) {
      generator.close();
      throw e;
    }
    return generator;
  }

  /**
   * Sends requests as they are due, then waits for the answers that are still to come.
   *
   * @param uncounted requests that are due within so long from the begin are sent, and not counted
   * @throws IOException if the target stops accepting connections or answers nothing for ten
   *     seconds
   */
  public OpenLoadResult run(Arrivals arrivals, Duration uncounted) throws IOException {
    latency = newHistogram();
    next = 0;
    refused = 0;
    wrongAnswers = 0;
    firstFault = Optional.empty();
    skipped = 0;
    idle.clear();
    idle.addAll(connections);
    begin = System.nanoTime();
    countedSince = begin + uncounted.toNanos();
    Thread clock = Thread.ofPlatform().daemon().start(() -> wakeWhenDue(arrivals, begin));
    try {
      sendAll(arrivals);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      clock.interrupt();
    }
    return new OpenLoadResult(refused, wrongAnswers, firstFault, skipped, latency);
  }

  private void sendAll(Arrivals arrivals) throws IOException {
    long lastAnswer = System.nanoTime();
    while (next < arrivals.count() || idle.size() < connections.size()) {
      sendDue(arrivals);
      boolean waits = idle.size() < connections.size();
      if (selector.select(this::ready, PATIENCE.toMillis()) > 0 || !waits) {
        lastAnswer = System.nanoTime();
      } else if (System.nanoTime() - lastAnswer > PATIENCE.toNanos()) {
        throw new IOException(target + " answered nothing for " + PATIENCE.toSeconds() + " s");
      }
    }
  }

  private void sendDue(Arrivals arrivals) throws IOException {
    long now = System.nanoTime();
    while (next < arrivals.count()) {
      long due = begin + arrivals.nanosUntil(next);
      if (now - due < 0) {
        return;
      }
      Connection connection = idle.poll();
      if (connection != null) {
        connection.send(due);
      } else if (whenFull == WhenFull.SKIP) {
        skipped += isCounted(due) ? 1 : 0;
      } else {
        return;
      }
      next++;
    }
  }

  private void ready(SelectionKey key) {
    Connection connection = (Connection) key.attachment();
    boolean wasIdle = !connection.awaitsAnswer();
    try {
      if (!connection.receive(inbound)) {
        return;
      }
      count(connection, System.nanoTime());
    } catch (IOException | WrongAnswerException e) {
      wrong(connection, e);
    }
    if (!wasIdle) {
      idle.push(connection);
    }
  }

  private void count(Connection answered, long now) {
    if (!isCounted(answered.sinceNanos())) {
      return;
    }
    if (answered.wasRefused()) {
      refused++;
    } else {
      latency.recordValue(Math.min(now - answered.sinceNanos(), MAX_LATENCY_NANOS));
    }
  }

  private boolean isCounted(long due) {
    return due - countedSince >= 0;
  }

  private void wrong(Connection connection, Exception fault) {
    wrongAnswers++;
    firstFault = firstFault.or(() -> Optional.of(String.valueOf(fault.getMessage())));
    try {
      connection.reopen();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A selector's own time-out has steps of a millisecond, which is too coarse. */
  private void wakeWhenDue(Arrivals arrivals, long since) {
    for (int i = 0; i < arrivals.count() && !Thread.interrupted(); i++) {
      long due = since + arrivals.nanosUntil(i);
      for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
        LockSupport.parkNanos(wait);
        if (Thread.currentThread().isInterrupted()) {
          return;
        }
      }
      selector.wakeup();
    }
  }

  @Override
  public void close() throws IOException {
    for (Connection connection : connections) {
      connection.close();
    }
    selector.close();
  }

  private static Histogram newHistogram() {
    return new Histogram(MAX_LATENCY_NANOS, 3);
  }
}
