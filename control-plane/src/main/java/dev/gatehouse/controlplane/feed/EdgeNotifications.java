package dev.gatehouse.controlplane.feed;

import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.pubsub.PgSubscriber;

/**
 * The notifications of PostgreSQL that wake the feed. They are hints: what they tell of is re-read,
 * and one that is lost while the connection is away is made up for by the next reading.
 */
final class EdgeNotifications {
  private static final long FIRST_RETRY_MILLIS = 50;
  private static final long LONGEST_RETRY_MILLIS = 2_000;

  private final PgSubscriber subscriber;

  private EdgeNotifications(PgSubscriber subscriber) {
    this.subscriber = subscriber;
  }

  /**
   * Listens, and listens again whenever the connection was lost. Blocks until it listens.
   *
   * @param onChange called on an event loop after a commit that the edge must see
   * @param onApplied called on an event loop after a gateway said what it has applied
   * @param onQuestion called on an event loop after a gateway was asked something, or has answered
   */
  static EdgeNotifications listen(
      Vertx vertx,
      PgConnectOptions options,
      Runnable onChange,
      Runnable onApplied,
      Runnable onQuestion) {
    PgSubscriber subscriber =
        PgSubscriber.subscriber(vertx, options)
            .reconnectPolicy(retries ->
                Math.min(FIRST_RETRY_MILLIS << Math.min(retries, 10), LONGEST_RETRY_MILLIS));
    wake(subscriber, "edge_revision", onChange);
    wake(subscriber, "gateway_applied", onApplied);
    wake(subscriber, QuestionStore.CHANNEL, onQuestion);
    subscriber.connect().await();
    return new EdgeNotifications(subscriber);
  }

  /** Also when the channel is listened to anew, for what was said in the meantime. */
  private static void wake(PgSubscriber subscriber, String channel, Runnable listener) {
    subscriber.channel(channel).subscribeHandler(_ -> listener.run()).handler(_ -> listener.run());
  }

  void close() {
    subscriber.close().await();
  }
}
