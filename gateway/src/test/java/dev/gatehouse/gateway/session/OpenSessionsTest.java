package dev.gatehouse.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.Eventually;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** In which order, and how often, sessions are asked for by which something is open. */
@Timeout(60)
class OpenSessionsTest {
  private final Vertx vertx = Vertx.vertx();
  private final Queue<SessionRef> asked = new ConcurrentLinkedQueue<>();
  private final Queue<SessionRef> gone = new ConcurrentLinkedQueue<>();
  private final AtomicInteger probes = new AtomicInteger();
  private volatile boolean redisIsAway;

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  private OpenSessions asking(Duration every, OpenSessions.Check check) {
    OpenSessions sessions =
        new OpenSessions(
            vertx,
            every,
            this::probe,
            session -> {
              asked.add(session);
              return check.isThere(session);
            },
            gone::add,
            new SimpleMeterRegistry());
    sessions.start();
    return sessions;
  }

  private Future<?> probe() {
    probes.incrementAndGet();
    return redisIsAway ? Future.failedFuture("Redis is away") : Future.succeededFuture();
  }

  private static List<SessionRef> sessionsOf(UUID tenant, int count) {
    return Stream.generate(() -> SessionKey.generate(tenant, "app.example").ref())
        .limit(count)
        .toList();
  }

  @Test
  void tellsOfThoseThatAreGoneAndOfNoOthers() throws Exception {
    List<SessionRef> sessions = sessionsOf(UUID.randomUUID(), 3);
    SessionRef ended = sessions.get(1);
    OpenSessions open =
        asking(
            Duration.ofHours(1),
            session ->
                session.equals(sessions.get(2))
                    ? Future.failedFuture("Redis is away")
                    : Future.succeededFuture(!session.equals(ended)));
    open.ask(sessions);
    Eventually.holds(() -> asked.size() == 3 && !gone.isEmpty());
    assertThat(gone).containsExactly(ended);
  }

  @Test
  void beginsRoundsByItselfAndWhenItIsTold() throws Exception {
    OpenSessions often = asking(Duration.ofMillis(10), _ -> Future.succeededFuture(true));
    Eventually.holds(() -> often.round() > 2);
    OpenSessions seldom = asking(Duration.ofHours(1), _ -> Future.succeededFuture(true));
    seldom.beginRound();
    Eventually.holds(() -> seldom.round() == 1);
  }

  @Test
  void beginsNoneWhileNothingCanBeAsked() throws Exception {
    redisIsAway = true;
    OpenSessions sessions = asking(Duration.ofMillis(10), _ -> Future.succeededFuture(true));
    Eventually.holds(() -> probes.get() > 2);
    assertThat(sessions.round()).isZero();
    redisIsAway = false;
    Eventually.holds(() -> sessions.round() > 0);
  }

  @Test
  void asksOnceForWhatIsOpenTwice() throws Exception {
    Promise<Boolean> slow = Promise.promise();
    List<SessionRef> one = sessionsOf(UUID.randomUUID(), 1);
    List<SessionRef> last = sessionsOf(UUID.randomUUID(), 1);
    OpenSessions open =
        asking(
            Duration.ofHours(1),
            session ->
                session.equals(one.getFirst()) ? slow.future() : Future.succeededFuture(true));
    open.ask(one);
    open.ask(one);
    Eventually.holds(() -> !asked.isEmpty());
    open.ask(one);
    open.ask(last);
    Eventually.holds(() -> asked.contains(last.getFirst()));
    assertThat(asked).as("while it is asked for").hasSize(2);

    slow.complete(true);
    Eventually.holds(() -> {
      open.ask(one);
      return asked.size() > 2;
    });
  }

  @Test
  void keepsNobodyWaitingForAnotherTenantsProvider() throws Exception {
    UUID slow = UUID.randomUUID();
    OpenSessions open =
        asking(
            Duration.ofHours(1),
            session ->
                session.tenant().equals(slow)
                    ? Promise.<Boolean>promise().future()
                    : Future.succeededFuture(true));
    open.ask(sessionsOf(slow, 500));
    open.ask(sessionsOf(UUID.randomUUID(), 500));
    Eventually.holds(() -> asked.stream().filter(one -> !one.tenant().equals(slow)).count() == 500);
    assertThat(asked.stream().filter(one -> one.tenant().equals(slow)).count())
        .as("of the slow tenant at once")
        .isEqualTo(64);
  }
}
