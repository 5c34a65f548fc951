package dev.gatehouse.controlplane.feed;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forgets old removals and gateways that are gone, now and then, until it is interrupted. */
final class FeedHousekeeping implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(FeedHousekeeping.class);
  private static final Duration PAUSE = Duration.ofMinutes(5);

  private final FeedStore store;
  private final GatewayStore gateways;
  private final FeedConfig config;

  FeedHousekeeping(FeedStore store, GatewayStore gateways, FeedConfig config) {
    this.store = store;
    this.gateways = gateways;
    this.config = config;
  }

  @Override
  public void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        tidy();
        Thread.sleep(PAUSE);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void tidy() {
    try {
      store.purgeTombstones(config.tombstoneAge(), config.maxTombstones());
      gateways.forgetUnseenFor(config.forgetGatewaysAfter());
    } catch (RuntimeException e) {
      LOG.warn("old removals and gateways are kept until the next attempt", e);
    }
  }
}
