package dev.gatehouse.controlplane.feed;

import dev.gatehouse.contract.edge.ExplainQuestion;
import dev.gatehouse.contract.edge.FeedMessage;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One gateway's connection. Nothing is queued for it: it sends from the window, a chunk at a time,
 * and waits until the connection has taken the chunk. One that takes too long is cut off and comes
 * back with the revision that it has reached. Runs on a virtual thread of its own.
 */
final class FeedSession {
  private static final Logger LOG = LoggerFactory.getLogger(FeedSession.class);

  private final String gateway;
  private final HttpServerResponse response;
  private final FeedStore store;
  private final ChangeWindow window;
  private final Semaphore snapshots;
  private final FeedConfig config;
  private final Callable<Boolean> holds;
  private long askedNanos = System.nanoTime();

  /** The newest revision whose whole state the gateway has been sent. */
  private long completeAt;

  FeedSession(
      String gateway,
      HttpServerResponse response,
      FeedStore store,
      ChangeWindow window,
      Semaphore snapshots,
      FeedConfig config,
      Callable<Boolean> holds) {
    this.gateway = gateway;
    this.response = response;
    this.store = store;
    this.window = window;
    this.snapshots = snapshots;
    this.config = config;
    this.holds = holds;
  }

  /**
   * Feeds the gateway until it goes away, is cut off, or this thread is interrupted.
   *
   * @param since what it has; negative for nothing
   */
  void feed(long since) {
    try {
      long sent = fromDatabase(since);
      while (!response.closed() && mayGoOn()) {
        sent = next(sent);
      }
    } catch (InterruptedException _) {
      LOG.debug("the feed of gateway {} ends with this instance", gateway);
    } catch (TimeoutException _) {
      LOG.warn("gateway {} or the database was too slow: its feed is cut off", gateway);
    } catch (Exception e) {
      // await() throws whatever failed, checked or not.
      if (!response.closed()) {
        LOG.warn("the feed of gateway {} is cut off: {}", gateway, e.getMessage());
      }
    } finally {
      response.reset();
    }
  }

  /**
   * Asks the gateway something, between two lines of its feed. Returns at once; any thread. What
   * cannot be written is lost with the connection, and with it the question.
   */
  void ask(ExplainQuestion question) {
    try {
      response
          .write(FeedLine.of(new FeedMessage.Ask(question)).text())
          .onFailure(failure -> LOG.debug("gateway {} was not asked", gateway, failure));
    } catch (IllegalStateException e) {
      LOG.debug("gateway {} was not asked", gateway, e);
    }
  }

  /**
   * Asked once in a heartbeat: so long it goes on after its token was revoked, and no longer. While
   * the database is away nothing can be revoked, and nothing new is told.
   */
  private boolean mayGoOn() throws InterruptedException {
    long now = System.nanoTime();
    if (now - askedNanos < config.heartbeat().toNanos()) {
      return true;
    }
    askedNanos = now;
    try {
      if (holds.call()) {
        return true;
      }
      LOG.warn("the token by which gateway {} follows the feed holds no more: it ends", gateway);
      return false;
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      LOG.debug("whether the token of gateway {} holds cannot be found out", gateway, e);
      return true;
    }
  }

  private long next(long sent) throws InterruptedException, TimeoutException {
    return switch (window.after(sent, config.heartbeat())) {
      case ChangeWindow.Next.Lines(List<FeedLine> lines, long through, boolean complete) -> {
        send(lines, through, complete);
        yield through;
      }
      case ChangeWindow.Next.Quiet() -> {
        sendHeartbeat();
        yield sent;
      }
      case ChangeWindow.Next.NotHeld() -> fromDatabase(sent);
    };
  }

  private long fromDatabase(long sent) throws InterruptedException, TimeoutException {
    Deltas deltas = store.after(sent);
    if (!deltas.follow(sent)) {
      return snapshot();
    }
    send(deltas.lines(), deltas.through(), deltas.reachNewest());
    return deltas.through();
  }

  /** While it waits for its turn, the gateway hears that the feed is alive. */
  private long snapshot() throws InterruptedException, TimeoutException {
    while (!snapshots.tryAcquire(config.heartbeat().toNanos(), TimeUnit.NANOSECONDS)) {
      sendHeartbeat();
    }
    try {
      completeAt = store.snapshot(this::send);
      return completeAt;
    } finally {
      snapshots.release();
    }
  }

  /** What is complete is said to be so at once: a write may be waiting for it. */
  private void send(List<FeedLine> lines, long through, boolean complete) throws TimeoutException {
    send(lines);
    if (complete) {
      completeAt = through;
      sendHeartbeat();
    }
  }

  private void sendHeartbeat() throws TimeoutException {
    send(List.of(FeedLine.of(new FeedMessage.Heartbeat(completeAt))));
  }

  private void send(List<FeedLine> lines) throws TimeoutException {
    Buffer chunk = Buffer.buffer();
    for (FeedLine line : lines) {
      if (chunk.length() > 0 && chunk.length() + line.text().length() > config.chunkBytes()) {
        write(chunk);
        chunk = Buffer.buffer();
      }
      chunk.appendBuffer(line.text());
    }
    if (chunk.length() > 0) {
      write(chunk);
    }
  }

  private void write(Buffer chunk) throws TimeoutException {
    response.write(chunk).await(config.writeTimeout().toNanos(), TimeUnit.NANOSECONDS);
  }
}
