package dev.gatehouse.loadtests.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * Sends encoded requests over a fixed number of connections, on each one after the other as soon as
 * the answer to the one before is complete (a closed loop: it never measures a queue that it made
 * itself, and slows down with the server). Everything happens on the calling thread.
 */
public final class LoadGenerator implements AutoCloseable {
  private static final long MAX_LATENCY_NANOS = Duration.ofSeconds(60).toNanos();
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final InetSocketAddress target;
  private final Selector selector;
  private final List<Connection> connections = new ArrayList<>();
  private final ByteBuffer inbound = ByteBuffer.allocateDirect(16 * 1024);

  private Histogram latency = newHistogram();
  private long wrongAnswers;
  private Optional<String> firstFault = Optional.empty();
  private long deadline;
  private int inFlight;

  private LoadGenerator(InetSocketAddress target, Selector selector) {
    this.target = target;
    this.selector = selector;
  }

  /**
   * Opens the connections.
   *
   * @param bodyLength of every right answer, in bytes
   * @throws IOException if the target does not accept them
   */
  public static LoadGenerator connect(
      InetSocketAddress target, int connections, Requests requests, int bodyLength)
      throws IOException {
    LoadGenerator generator = new LoadGenerator(target, Selector.open());
    try {
      for (int i = 0; i < connections; i++) {
        generator.connections.add(
            new Connection(target, generator.selector, requests, new Answer(bodyLength)));
      }
    } catch (IOException e) {
      generator.close();
      throw e;
    }
    return generator;
  }

  /**
   * Sends requests for a time, then waits for the answers that are still to come. The connections
   * stay open for a next run.
   *
   * @throws IOException if the target stops accepting connections or answers nothing for ten
   *     seconds
   */
  public LoadResult run(Duration duration) throws IOException {
    latency = newHistogram();
    wrongAnswers = 0;
    firstFault = Optional.empty();
    long begin = System.nanoTime();
    deadline = begin + duration.toNanos();
    inFlight = connections.size();
    for (Connection connection : connections) {
      connection.send(System.nanoTime());
    }
    try {
      awaitAnswers();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    Duration elapsed = Duration.ofNanos(System.nanoTime() - begin);
    return new LoadResult(latency.getTotalCount(), wrongAnswers, firstFault, elapsed, latency);
  }

  private void awaitAnswers() throws IOException {
    while (inFlight > 0) {
      if (selector.select(this::ready, PATIENCE.toMillis()) == 0) {
        throw new IOException(target + " answered nothing for " + PATIENCE.toSeconds() + " s");
      }
    }
  }

  @Override
  public void close() throws IOException {
    for (Connection connection : connections) {
      connection.close();
    }
    selector.close();
  }

  private void ready(SelectionKey key) {
    Connection connection = (Connection) key.attachment();
    try {
      if (!connection.receive(inbound)) {
        return;
      }
      long now = System.nanoTime();
      latency.recordValue(Math.min(now - connection.sinceNanos(), MAX_LATENCY_NANOS));
      next(connection, now);
    } catch (IOException | WrongAnswerException e) {
      wrong(connection, e);
    }
  }

  private void next(Connection connection, long now) throws IOException {
    if (now < deadline) {
      connection.send(now);
    } else {
      inFlight--;
    }
  }

  private void wrong(Connection connection, Exception fault) {
    wrongAnswers++;
    firstFault = firstFault.or(() -> Optional.of(String.valueOf(fault.getMessage())));
    try {
      connection.reopen();
      next(connection, System.nanoTime());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Histogram newHistogram() {
    return new Histogram(MAX_LATENCY_NANOS, 3);
  }
}
