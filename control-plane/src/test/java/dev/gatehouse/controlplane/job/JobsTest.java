package dev.gatehouse.controlplane.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.controlplane.job.JobHandler.Next;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class JobsTest {
  private static final Instant PAST = Instant.EPOCH;

  private final JobDatabase database = JobDatabase.fresh();
  private final JobService jobs = new JobService();
  private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final InstantSource clock = () -> now;

  @AfterEach
  void stop() {
    database.close();
  }

  private void instance(String name) {
    database.run(
        JobDatabase.quick(),
        clock,
        "work",
        job ->
            tx -> {
              JobDatabase.leaveEffect(tx, job, name);
              return Next.done();
            });
  }

  @Test
  void runsEachJobOnceAlthoughThreeInstancesLookForThem() {
    List<String> keys = IntStream.range(100, 400).mapToObj(Integer::toString).toList();
    keys.forEach(key -> database.schedule(NewJob.of("work", key, PAST)));
    for (int i = 0; i < 3; i++) {
      instance("instance " + i);
    }
    JobDatabase.await(() -> database.openJobs() == 0);

    assertThat(database.effects()).isEqualTo(keys);
    assertThat(database.texts("SELECT DISTINCT instance FROM effect")).hasSizeGreaterThan(1);
  }

  @Test
  void runsAJobWhenItsTimeHasComeAndNotBefore() {
    instance("a");
    database.schedule(NewJob.of("work", "later", now.plusSeconds(60)));
    database.schedule(NewJob.of("work", "now", now));
    JobDatabase.await(() -> database.openJobs() == 1);
    assertThat(database.effects()).containsExactly("now");

    now = now.plusSeconds(60);
    JobDatabase.await(() -> database.openJobs() == 0);
    assertThat(database.effects()).containsExactly("later", "now");
  }

  @Test
  void keepsOneOpenJobForAKey() {
    NewJob first = NewJob.of("work", "key", now).with(JsonObject.of("n", 1));
    NewJob second = NewJob.of("work", "key", now).with(JsonObject.of("n", 2));
    assertThat(database.database().<Boolean>inTransaction(tx -> jobs.schedule(tx, first))).isTrue();
    assertThat(database.database().<Boolean>inTransaction(tx -> jobs.schedule(tx, second)))
        .isFalse();
    assertThat(database.texts("SELECT payload ->> 'n' FROM job")).containsExactly("1");

    database.database().runInTransaction(tx -> jobs.reschedule(tx, second));
    assertThat(database.texts("SELECT payload ->> 'n' FROM job")).containsExactly("2");
  }

  @Test
  void schedulesNothingInATransactionThatIsUndone() {
    try {
      database
          .database()
          .runInTransaction(tx -> {
            boolean _ = jobs.schedule(tx, NewJob.of("work", "key", now));
            throw new IllegalStateException("undone");
          });
    } catch (IllegalStateException expected) {
      assertThat(database.openJobs()).isZero();
      return;
    }
    throw new AssertionError("expected the transaction to fail");
  }

  @Test
  void triesAgainAfterAFailureAndKeepsWhatItLeftUndone() {
    AtomicInteger attempts = new AtomicInteger();
    Queue<String> errors = new ConcurrentLinkedQueue<>();
    database.schedule(NewJob.of("work", "key", PAST));
    database.run(
        JobDatabase.quick(),
        InstantSource.system(),
        "work",
        job ->
            tx -> {
              JobDatabase.leaveEffect(tx, job, "a");
              errors.addAll(database.texts("SELECT coalesce(last_error, '') FROM job"));
              assertThat(job.attempt()).isEqualTo(attempts.incrementAndGet());
              if (job.attempt() < 4) {
                throw new IllegalStateException("failure " + job.attempt());
              }
              return Next.done();
            });
    JobDatabase.await(() -> database.openJobs() == 0);

    assertThat(errors).containsExactly("", "failure 1", "failure 2", "failure 3");
    assertThat(database.effects()).containsExactly("key");
  }

  @Test
  void goesOnWithAJobThatHasNotEnded() {
    AtomicInteger runs = new AtomicInteger();
    database.schedule(NewJob.of("work", "key", PAST));
    database.run(
        JobDatabase.quick(),
        clock,
        "work",
        job ->
            tx -> {
              JobDatabase.leaveEffect(tx, job, "a");
              assertThat(job.attempt()).isEqualTo(1);
              return runs.incrementAndGet() < 5 ? Next.again(now) : Next.done();
            });
    JobDatabase.await(() -> database.openJobs() == 0);
    assertThat(database.effects()).hasSize(5);
  }

  @Test
  void undoesTheEffectOfAJobThatIsCancelledWhileItRuns() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    database.schedule(NewJob.of("work", "key", PAST));
    JobRunner runner =
        database.run(
            JobDatabase.quick(),
            clock,
            "work",
            job -> {
              running.countDown();
              cancelled.await();
              return tx -> {
                JobDatabase.leaveEffect(tx, job, "a");
                ended.countDown();
                return Next.done();
              };
            });
    running.await();
    assertThat(database.database().<Boolean>inTransaction(tx -> jobs.cancel(tx, "work", "key")))
        .isTrue();
    cancelled.countDown();
    ended.await();
    runner.close();
    assertThat(database.effects()).isEmpty();
  }

  @Test
  void undoesTheEffectOfWhoeverHasLostTheLease() throws Exception {
    CountDownLatch taken = new CountDownLatch(1);
    CountDownLatch takenOver = new CountDownLatch(1);
    database.schedule(NewJob.of("work", "key", PAST));
    JobRunner slow =
        database.run(
            JobDatabase.quick(),
            clock,
            "work",
            job -> {
              taken.countDown();
              takenOver.await();
              return tx -> {
                JobDatabase.leaveEffect(tx, job, "slow");
                return Next.done();
              };
            });
    taken.await();
    instance("quick");
    JobDatabase.await(() -> database.openJobs() == 0);
    takenOver.countDown();
    slow.close();

    assertThat(database.texts("SELECT instance FROM effect")).containsExactly("quick");
  }

  @Test
  void runsNoMoreJobsAtOnceThanItMay() {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch full = new CountDownLatch(4);
    for (int i = 0; i < 20; i++) {
      database.schedule(NewJob.of("work", "key" + i, PAST));
    }
    database.run(
        JobDatabase.quick(),
        clock,
        "work",
        _ -> {
          most.accumulateAndGet(running.incrementAndGet(), Math::max);
          full.countDown();
          full.await();
          running.decrementAndGet();
          return _ -> Next.done();
        });
    JobDatabase.await(() -> database.openJobs() == 0);
    assertThat(most).hasValue(4);
  }

  @Test
  void leavesJobsAloneThatItDoesNotKnow() {
    instance("a");
    database.schedule(NewJob.of("of a newer version", "key", PAST));
    database.schedule(NewJob.of("work", "key", PAST));
    JobDatabase.await(() -> database.openJobs() == 1);
    assertThat(database.texts("SELECT kind || attempts FROM job"))
        .containsExactly("of a newer version0");
  }

  @Test
  void hearsOfANewJobAtOnce() {
    JobConfig patient =
        new JobConfig(
            1, Duration.ofSeconds(60), Duration.ofDays(1), Duration.ofDays(1), Duration.ofDays(1));
    database.run(
        patient,
        clock,
        "work",
        job ->
            tx -> {
              JobDatabase.leaveEffect(tx, job, "a");
              return Next.done();
            });
    for (int i = 0; i < 3; i++) {
      database.schedule(NewJob.of("work", "key", PAST));
      JobDatabase.await(() -> database.openJobs() == 0);
    }
    assertThat(database.effects()).hasSize(3);
  }
}
