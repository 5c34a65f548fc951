package dev.gatehouse.controlplane.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.controlplane.job.JobHandler.Next;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With real processes, and SIGKILL. */
@Timeout(120)
class KilledInstanceTest {
  private final JobDatabase database = JobDatabase.fresh();

  @AfterEach
  void stop() {
    database.close();
  }

  @ParameterizedTest
  @EnumSource(KilledInstance.Place.class)
  void anotherInstanceDoesTheJobOnceTheLeaseHasEnded(KilledInstance.Place place) throws Exception {
    database.schedule(NewJob.of("work", "key", Instant.EPOCH));
    try (KilledInstance _ = KilledInstance.at(place, database.url())) {
      assertThat(database.texts("SELECT attempts FROM job")).containsExactly("1");
    }
    for (String survivor : new String[] {"second", "third"}) {
      database.run(
          JobDatabase.quick(),
          InstantSource.system(),
          "work",
          job ->
              tx -> {
                JobDatabase.leaveEffect(tx, job, survivor);
                return Next.done();
              });
    }
    JobDatabase.await(() -> database.openJobs() == 0);

    assertThat(database.effects()).containsExactly("key");
    assertThat(database.texts("SELECT instance FROM effect")).doesNotContain("killed");
  }
}
