package dev.gatehouse.controlplane.key;

import dev.gatehouse.controlplane.job.Job;
import dev.gatehouse.controlplane.job.JobHandler;
import java.time.Duration;

/** The job that lets {@link SigningKeyService} do what is due, again and again. */
public final class SigningKeySchedule implements JobHandler {
  /** The kind of the one job. */
  public static final String KIND = "signing-keys";

  private final SigningKeyService service;
  private final Duration checkEvery;

  /**
   * @param checkEvery how long to pause between two looks
   */
  public SigningKeySchedule(SigningKeyService service, Duration checkEvery) {
    this.service = service;
    this.checkEvery = checkEvery;
  }

  @Override
  public Effect run(Job job) {
    return tx -> {
      service.maintain(tx);
      return Next.again(service.now().plus(checkEvery));
    };
  }
}
