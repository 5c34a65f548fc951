package dev.gatehouse.gateway.session;

import dev.gatehouse.gateway.authenticate.cache.TokenDigest;
import dev.gatehouse.gateway.outage.Outage;
import dev.gatehouse.gateway.redis.RedisConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears of sessions that were ended, by whichever gateway. Where that fails, a session is known to
 * this gateway for some seconds longer ({@link Sessions}), and what is open by it must be asked for
 * anew. Lives on the background's event loop; {@link #contains} may be asked on any thread.
 */
public final class EndedSessions {
  private static final int MOST_REMEMBERED = 10_000;
  private static final Logger LOG = LoggerFactory.getLogger(EndedSessions.class);

  private final Vertx background;
  private final RedisConfig at;
  private final Subscription.Pace pace;
  private final Listener listener;
  private final Map<TokenDigest, Boolean> ended =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<TokenDigest, Boolean> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };
  private volatile Optional<Subscription> subscription = Optional.empty();
  private volatile boolean closed;

  private final Outage outage = new Outage();

  /** What is heard, on the background's event loop. */
  public interface Listener {
    /** A session of a tenant has ended. */
    void ended(UUID tenant, TokenDigest session);

    /** From now on all is heard; what was said before may have been missed. */
    void listening();
  }

  /**
   * @param listener told what is heard
   */
  public EndedSessions(Vertx background, RedisConfig at, Listener listener) {
    this(background, at, Subscription.Pace.DEFAULT, listener);
  }

  EndedSessions(Vertx background, RedisConfig at, Subscription.Pace pace, Listener listener) {
    this.background = background;
    this.at = at;
    this.pace = pace;
    this.listener = listener;
  }

  /** Begins to listen; goes on trying where that fails. */
  public void start() {
    background.runOnContext(_ -> connect());
  }

  /** Whether a session was ended lately, of which what is under way may have begun before. */
  public boolean contains(TokenDigest session) {
    synchronized (ended) {
      return ended.containsKey(session);
    }
  }

  /**
   * A session has ended, whether that was heard or found out. Only on the background's event loop.
   */
  public void end(UUID tenant, TokenDigest session) {
    synchronized (ended) {
      ended.put(session, true);
    }
    listener.ended(tenant, session);
  }

  /** Stops listening. */
  public Future<Void> close() {
    closed = true;
    return subscription.map(Subscription::close).orElse(Future.succeededFuture());
  }

  private void connect() {
    if (!closed) {
      subscription = Optional.of(new Subscription(background, at, pace, new Heard()));
    }
  }

  private final class Heard implements Subscription.Listener {
    @Override
    public void subscribed() {
      if (outage.ends()) {
        LOG.info("ended sessions are heard of at once again");
      }
      listener.listening();
    }

    @Override
    public void heard(String message) {
      String[] words = message.split(" ", -1);
      if (words.length == 2) {
        TokenDigest.parse(words[1]).ifPresent(session -> end(UUID.fromString(words[0]), session));
      }
    }

    @Override
    public void lost(String reason) {
      subscription = Optional.empty();
      if (outage.tells(reason)) {
        LOG.warn("ended sessions are not heard of at once until Redis is there again: {}", reason);
      }
      background.setTimer(pace.reconnect().toMillis(), _ -> connect());
    }
  }
}
