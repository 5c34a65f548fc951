package dev.gatehouse.gateway.session;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks again for the sessions by which something is open, such as a WebSocket: in rounds, at an
 * interval and whenever the end of one may not have been heard. At the beginning of a round, each
 * event loop hands in those of its own. What cannot be asked stays open until the next round. Lives
 * on the background's event loop; any thread may call.
 */
public final class OpenSessions {
  private static final long TICK_MILLIS = 100;

  /** A thousand a second of one gateway: Redis has more to do. */
  private static final int MOST_A_TICK = 100;

  /** At once: a tenant whose identity provider is slow keeps no other tenant's waiting. */
  private static final int MOST_OF_ONE_TENANT = 64;

  /** What is more comes in with the next round. */
  private static final int MOST_WAITING = 100_000;

  private final Vertx background;
  private final Duration every;
  private final Supplier<Future<?>> probe;
  private final Check check;
  private final Consumer<SessionRef> gone;
  private final Set<SessionRef> waiting = new LinkedHashSet<>();
  private final Map<UUID, Set<SessionRef>> asked = new HashMap<>();
  private final Counter held;
  private final Counter ended;
  private final Counter failed;
  private volatile long round;

  /** Asks for a session. */
  @FunctionalInterface
  public interface Check {
    /**
     * Whether it is still there.
     *
     * @return fails if that cannot be asked
     */
    Future<Boolean> isThere(SessionRef session);
  }

  /**
   * @param every how often a round begins
   * @param probe fails where nothing can be asked now; then no round begins
   * @param check asks; called on the background's event loop
   * @param gone told of those that are there no more, on the background's event loop
   */
  public OpenSessions(
      Vertx background,
      Duration every,
      Supplier<Future<?>> probe,
      Check check,
      Consumer<SessionRef> gone,
      MeterRegistry metrics) {
    this.background = background;
    this.every = every;
    this.probe = probe;
    this.check = check;
    this.gone = gone;
    this.held = counter(metrics, "held");
    this.ended = counter(metrics, "ended");
    this.failed = counter(metrics, "failed");
  }

  private static Counter counter(MeterRegistry metrics, String outcome) {
    return Counter.builder("gatehouse.session.rechecks")
        .description("Sessions asked for again by which something is open")
        .tag("outcome", outcome)
        .register(metrics);
  }

  /** Begins to ask. */
  public void start() {
    background.setPeriodic(every.toMillis(), _ -> beginRound());
    background.setPeriodic(TICK_MILLIS, _ -> tick());
  }

  /** All are to be asked for, if anything can be asked now. */
  public void beginRound() {
    probe.get().onComplete((_, failure) -> background.runOnContext(_ -> begin(failure)));
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes.
  private void begin(@Nullable Throwable failure) {
    if (failure == null) {
      round++;
    } else {
      failed.increment();
    }
  }

  /** Which round it is. Where it is another than before, {@link #ask} for what is open. */
  public long round() {
    return round;
  }

  /** Asks for sessions, one after the other. */
  public void ask(Collection<SessionRef> sessions) {
    background.runOnContext(_ ->
        sessions.stream()
            .filter(_ -> waiting.size() < MOST_WAITING)
            .filter(session -> !askedOf(session.tenant()).contains(session))
            .forEach(waiting::add));
  }

  private void tick() {
    int begun = 0;
    Iterator<SessionRef> next = waiting.iterator();
    while (next.hasNext() && begun < MOST_A_TICK) {
      SessionRef session = next.next();
      if (askedOf(session.tenant()).size() < MOST_OF_ONE_TENANT) {
        next.remove();
        askFor(session);
        begun++;
      }
    }
  }

  private Set<SessionRef> askedOf(UUID tenant) {
    return asked.getOrDefault(tenant, Set.of());
  }

  private void askFor(SessionRef session) {
    asked.computeIfAbsent(session.tenant(), _ -> new HashSet<>()).add(session);
    Future.succeededFuture()
        .compose(_ -> check.isThere(session))
        .onComplete(
            (there, failure) -> background.runOnContext(_ -> answered(session, there, failure)));
  }

  private void answered(SessionRef session, Boolean there, @Nullable Throwable failure) {
    asked.computeIfPresent(
        session.tenant(),
        (_, rest) -> {
          rest.remove(session);
          return rest.isEmpty() ? null : rest;
        });
    if (failure != null) {
      failed.increment();
    } else if (there) {
      held.increment();
    } else {
      ended.increment();
      gone.accept(session);
    }
  }
}
