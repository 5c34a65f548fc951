package dev.gatehouse.gateway.session;

import dev.gatehouse.gateway.authenticate.cache.TokenDigest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears of sessions that were ended, by whichever gateway. Where that fails, a session is known to
 * this gateway for some seconds longer ({@link Sessions}). Lives on the background's event loop;
 * {@link #contains} may be asked on any thread.
 */
public final class EndedSessions {
  private static final int MOST_REMEMBERED = 10_000;
  private static final long RECONNECT_MILLIS = 1000;
  private static final Logger LOG = LoggerFactory.getLogger(EndedSessions.class);

  private final Vertx background;
  private final String url;
  private final BiConsumer<UUID, TokenDigest> listener;
  private final Map<TokenDigest, Boolean> ended =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<TokenDigest, Boolean> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };
  private Optional<Redis> client = Optional.empty();
  private boolean closed;
  private boolean outage;

  /**
   * @param listener told the tenant and the session, on the background's event loop
   */
  public EndedSessions(Vertx background, String url, BiConsumer<UUID, TokenDigest> listener) {
    this.background = background;
    this.url = url;
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

  /** Stops listening. */
  public Future<Void> close() {
    closed = true;
    return client.map(Redis::close).orElse(Future.succeededFuture());
  }

  private void connect() {
    if (closed) {
      return;
    }
    Redis attempt = Redis.createClient(background, SessionStore.options(url).setMaxPoolSize(1));
    client = Optional.of(attempt);
    attempt
        .connect()
        .compose(connection -> subscribe(attempt, connection))
        .timeout(RECONNECT_MILLIS, TimeUnit.MILLISECONDS)
        .onComplete(_ -> outage = false, failure -> lost(attempt, failure.toString()));
  }

  private Future<?> subscribe(Redis attempt, RedisConnection connection) {
    connection
        .exceptionHandler(failure -> lost(attempt, failure.toString()))
        .endHandler(_ -> lost(attempt, "the connection was closed"))
        .handler(this::hear);
    return connection.send(Request.cmd(Command.SUBSCRIBE).arg(SessionStore.CHANNEL));
  }

  private void lost(Redis attempt, String reason) {
    if (closed || client.filter(attempt::equals).isEmpty()) {
      return;
    }
    client = Optional.empty();
    attempt.close();
    if (!outage) {
      outage = true;
      LOG.warn("ended sessions are not heard of at once until Redis can be used again: {}", reason);
    }
    background.setTimer(RECONNECT_MILLIS, _ -> connect());
  }

  private void hear(Response push) {
    if (push.type() != ResponseType.PUSH || push.size() != 3) {
      return;
    }
    if (!"message".equals(push.get(0).toString())) {
      return;
    }
    String[] words = push.get(2).toString().split(" ", -1);
    if (words.length == 2) {
      TokenDigest.parse(words[1]).ifPresent(session -> ended(UUID.fromString(words[0]), session));
    }
  }

  private void ended(UUID tenant, TokenDigest session) {
    synchronized (ended) {
      ended.put(session, true);
    }
    listener.accept(tenant, session);
  }
}
