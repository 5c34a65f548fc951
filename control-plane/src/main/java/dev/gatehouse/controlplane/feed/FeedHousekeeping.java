package dev.gatehouse.controlplane.feed;

import dev.gatehouse.controlplane.job.Job;
import dev.gatehouse.controlplane.job.JobHandler;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeoutException;

/** The job that forgets old removals and gateways that are gone, now and then. */
public final class FeedHousekeeping implements JobHandler {
  /** The kind of the one job. */
  public static final String KIND = "feed-housekeeping";

  private static final Duration PAUSE = Duration.ofMinutes(5);
  private static final Duration OLDEST_QUESTION = Duration.ofMinutes(1);

  private final FeedStore store;
  private final GatewayStore gateways;
  private final QuestionStore questions;
  private final FeedConfig config;

  FeedHousekeeping(
      FeedStore store, GatewayStore gateways, QuestionStore questions, FeedConfig config) {
    this.store = store;
    this.gateways = gateways;
    this.questions = questions;
    this.config = config;
  }

  @Override
  public Effect run(Job job) throws TimeoutException {
    store.purgeTombstones(config.tombstoneAge(), config.maxTombstones());
    gateways.forgetUnseenFor(config.forgetGatewaysAfter());
    questions.forgetOlderThan(OLDEST_QUESTION);
    return _ -> Next.again(Instant.now().plus(PAUSE));
  }
}
