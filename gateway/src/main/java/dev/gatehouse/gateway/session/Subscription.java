package dev.gatehouse.gateway.session;

import dev.gatehouse.gateway.redis.RedisConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One connection on which a channel of Redis is heard, until it is lost. A connection whose other
 * end has vanished does not say so: it is asked for a sign of life (PING) at an interval. Lives on
 * the background's event loop.
 */
final class Subscription {
  private final Vertx background;
  private final Redis redis;
  private final Pace pace;
  private final Listener listener;
  private boolean subscribed;
  private boolean heard;
  private volatile boolean over;

  /**
   * How it is kept.
   *
   * @param ping after so long it is asked for a sign of life, again and again
   * @param answer so long Redis may take to answer
   * @param reconnect so long after a loss another connection is tried
   */
  record Pace(Duration ping, Duration answer, Duration reconnect) {
    /** Finds within seven seconds that nobody is there. */
    static final Pace DEFAULT =
        new Pace(Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofSeconds(1));
  }

  /** What comes of it. */
  interface Listener {
    /** Redis has confirmed it: all that is said from now on is heard. */
    void subscribed();

    /** Something was said. */
    void heard(String message);

    /** Nothing is heard any more. Told once at most, and not after {@link Subscription#close}. */
    void lost(String reason);
  }

  /** Call it on the event loop. */
  Subscription(Vertx background, RedisConfig at, Pace pace, Listener listener) {
    this.background = background;
    this.redis = Redis.createClient(background, SessionStore.options(at).setMaxPoolSize(1));
    this.pace = pace;
    this.listener = listener;
    redis.connect().onComplete(this::connected);
    later(
        pace.answer(),
        () -> {
          if (!subscribed) {
            lost("no answer to the subscription");
          }
        });
  }

  Future<Void> close() {
    over = true;
    return redis.close();
  }

  private void connected(RedisConnection connection, @Nullable Throwable failure) {
    if (failure != null) {
      lost(failure.toString());
      return;
    }
    connection
        .exceptionHandler(broken -> lost(broken.toString()))
        .endHandler(_ -> lost("the connection was closed"))
        .handler(said -> hear(connection, said));
    connection.send(Request.cmd(Command.SUBSCRIBE).arg(SessionStore.CHANNEL));
  }

  private void hear(RedisConnection connection, Response said) {
    heard = true;
    if (over) {
      return;
    }
    if (said.type() == ResponseType.ERROR && !subscribed) {
      lost(said.toString());
    } else if (said.type() == ResponseType.PUSH && said.size() == 3) {
      switch (said.get(0).toString()) {
        case "subscribe" -> {
          subscribed = true;
          listener.subscribed();
          watch(connection);
        }
        case "message" -> listener.heard(said.get(2).toString());
        default -> {}
      }
    }
  }

  /**
   * Whatever is heard is a sign of life: the answer to a PING is told to nobody where a message
   * comes before it, since the client takes that for the answer and then drops it.
   */
  private void watch(RedisConnection connection) {
    later(
        pace.ping(),
        () -> {
          heard = false;
          connection.send(Request.cmd(Command.PING)).onComplete((_, _) -> heard = true);
          later(
              pace.answer(),
              () -> {
                if (heard) {
                  watch(connection);
                } else {
                  lost("no sign of life within " + pace.answer());
                }
              });
        });
  }

  private void lost(String reason) {
    if (!over) {
      close();
      listener.lost(reason);
    }
  }

  private void later(Duration time, Runnable action) {
    background.setTimer(
        time.toMillis(),
        _ -> {
          if (!over) {
            action.run();
          }
        });
  }
}
