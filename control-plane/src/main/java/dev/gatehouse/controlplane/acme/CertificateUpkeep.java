package dev.gatehouse.controlplane.acme;

import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.domain.DomainService;
import dev.gatehouse.controlplane.job.Job;
import dev.gatehouse.controlplane.job.JobHandler;
import dev.gatehouse.controlplane.job.JobService;
import dev.gatehouse.controlplane.job.NewJob;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * Finds verified domains whose certificate nobody looks after: those of before certificates were
 * ordered at all. At start and once a day.
 */
final class CertificateUpkeep implements JobHandler {
  /** The kind of the one job. */
  static final String KIND = "certificates";

  private static final int BATCH = 500;
  private static final Duration EVERY = Duration.ofDays(1);

  private final Database database;
  private final CertificateOrderStore orders;
  private final JobService jobs;
  private final InstantSource clock;

  CertificateUpkeep(
      Database database, CertificateOrderStore orders, JobService jobs, InstantSource clock) {
    this.database = database;
    this.orders = orders;
    this.jobs = jobs;
    this.clock = clock;
  }

  @Override
  public Effect run(Job job) {
    List<CertificateOrderStore.Neglected> found =
        database.withConnection(
            connection -> orders.neglected(connection, DomainService.CERTIFICATE, BATCH));
    Instant now = clock.instant();
    return tx -> {
      found.forEach(one ->
          jobs.schedule(
              tx,
              NewJob.of(DomainService.CERTIFICATE, one.key(), one.tenant(), now)
                  .with(one.payload())));
      return Next.again(found.size() == BATCH ? now : now.plus(EVERY));
    };
  }
}
