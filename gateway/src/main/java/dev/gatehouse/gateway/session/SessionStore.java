package dev.gatehouse.gateway.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.gateway.authenticate.cache.TokenDigest;
import dev.gatehouse.gateway.bounds.Bound;
import dev.gatehouse.gateway.redis.RedisConfig;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sessions in Redis, for all gateways. Any thread may call; futures complete on any. Every call
 * fails within a second where Redis does not answer; where it answers none within that time, what
 * follows is asked over new connections.
 */
public final class SessionStore {
  /** Where gateways are told of sessions that were ended. */
  static final String CHANNEL = "gh:sessions-ended";

  private static final int CONNECTIONS = 4;

  @Bound(
      of = "look-ups of sessions that wait for Redis",
      unit = "look-ups",
      atIt = "503",
      metric = "gatehouse_requests_refused_total{problem=\"sessions-unavailable\"}")
  private static final int MAX_WAITING = 1000;

  private static final int TIMEOUT_MILLIS = 1000;

  /** The oldest end when there are more. */
  @Bound(of = "sessions of one user at a tenant", unit = "sessions", atIt = "the oldest ends")
  private static final int MAX_SESSIONS_OF_A_USER = 100;

  private static final String PUT = script("put.lua");
  private static final String END_ALL = script("end-all.lua");

  private final Vertx background;
  private final RedisConfig at;
  private volatile Redis redis;
  private long answeredNanos = System.nanoTime();

  /**
   * @param background where the connections live; no requests should live there
   * @param at where Redis is
   */
  public SessionStore(Vertx background, RedisConfig at) {
    this.background = background;
    this.at = at;
    this.redis = newClient();
  }

  private Redis newClient() {
    return Redis.createClient(background, options(at).setMaxPoolSize(CONNECTIONS));
  }

  static RedisOptions options(RedisConfig at) {
    return at.options(Duration.ofMillis(TIMEOUT_MILLIS)).setMaxPoolWaiting(MAX_WAITING);
  }

  /**
   * Keeps a new session.
   *
   * @param idle how long it lasts unused
   */
  public Future<Void> put(SessionRef ref, Session session, Duration idle) {
    UUID tenant = ref.tenant();
    List<String> keys = new ArrayList<>();
    keys.add(sessionKey(tenant, ref.digest()));
    if (session.origin() instanceof Session.Origin.Provider provider) {
      keys.add(index(tenant, provider.id(), "sub", provider.sub()));
      provider.sid().ifPresent(sid -> keys.add(index(tenant, provider.id(), "sid", sid)));
    }
    Request request = Request.cmd(Command.EVAL).arg(PUT).arg(keys.size());
    keys.forEach(request::arg);
    request
        .arg(Buffer.buffer(ref.seal(SessionCodec.encode(session))))
        .arg(idle.toMillis())
        .arg(ref.digest().toText())
        .arg(session.startedAt().toEpochMilli())
        .arg(session.endsAt().toEpochMilli())
        .arg(MAX_SESSIONS_OF_A_USER)
        .arg(prefix(tenant))
        .arg(CHANNEL)
        .arg(tenant + " ");
    return send(request).mapEmpty();
  }

  /** Finds a session; empty if there is none, or not any more. */
  public Future<Optional<Session>> find(SessionRef ref) {
    return send(Request.cmd(Command.GET).arg(sessionKey(ref.tenant(), ref.digest())))
        .map(found ->
            found.flatMap(sealed -> ref.open(sealed.toBytes())).flatMap(SessionCodec::decode));
  }

  /**
   * Keeps something that can be taken once.
   *
   * @param name what it is taken by; a digest, so that what is in Redis cannot be used
   * @param life how long it can be taken
   */
  public Future<Void> putOnce(TokenDigest name, byte[] what, Duration life) {
    return send(Request.cmd(Command.SET)
            .arg("gh:once:" + name.toText())
            .arg(Buffer.buffer(what))
            .arg("NX")
            .arg("PX")
            .arg(life.toMillis()))
        .mapEmpty();
  }

  /** Takes it; empty if it is not there, or not any more. */
  public Future<Optional<byte[]>> takeOnce(TokenDigest name) {
    return send(Request.cmd(Command.GETDEL).arg("gh:once:" + name.toText()))
        .map(found -> found.map(Response::toBytes));
  }

  /** Lets a session last for as long again; says whether it is there. */
  public Future<Boolean> touch(UUID tenant, TokenDigest session, Duration idle) {
    Request request =
        Request.cmd(Command.PEXPIRE).arg(sessionKey(tenant, session)).arg(idle.toMillis());
    return send(request).map(count -> count.map(Response::toInteger).orElse(0) == 1);
  }

  /** Replaces a session that has not been ended meanwhile. */
  public Future<Void> replace(SessionRef ref, Session session, Duration idle) {
    Request request =
        Request.cmd(Command.SET)
            .arg(sessionKey(ref.tenant(), ref.digest()))
            .arg(Buffer.buffer(ref.seal(SessionCodec.encode(session))))
            .arg("XX")
            .arg("PX")
            .arg(idle.toMillis());
    return send(request).mapEmpty();
  }

  /** Ends a session, at all gateways. */
  public Future<Void> end(UUID tenant, TokenDigest session) {
    return send(Request.cmd(Command.DEL).arg(sessionKey(tenant, session)))
        .compose(_ ->
            send(Request.cmd(Command.PUBLISH).arg(CHANNEL).arg(tenant + " " + session.toText())))
        .mapEmpty();
  }

  /** Ends all sessions of a provider's user, at all gateways; says how many. */
  public Future<Integer> endAllOfUser(UUID tenant, UUID provider, String sub) {
    return endAll(tenant, index(tenant, provider, "sub", sub));
  }

  /** Ends those that belong to one session of a provider's, at all gateways; says how many. */
  public Future<Integer> endAllOfProviderSession(UUID tenant, UUID provider, String sid) {
    return endAll(tenant, index(tenant, provider, "sid", sid));
  }

  private Future<Integer> endAll(UUID tenant, String index) {
    Request request =
        Request.cmd(Command.EVAL)
            .arg(END_ALL)
            .arg(1)
            .arg(index)
            .arg(prefix(tenant))
            .arg(CHANNEL)
            .arg(tenant + " ");
    return send(request).map(count -> count.map(Response::toInteger).orElse(0));
  }

  /**
   * Lets one gateway at a time ask a session's provider again.
   *
   * @return whether it is this one's turn
   */
  public Future<Boolean> takeRefresh(UUID tenant, TokenDigest session, Duration atMost) {
    Request request =
        Request.cmd(Command.SET)
            .arg("gh:session-refresh:{" + tenant + "}:" + session.toText())
            .arg("1")
            .arg("NX")
            .arg("PX")
            .arg(atMost.toMillis());
    return send(request).map(Optional::isPresent);
  }

  /** Finds out whether Redis answers, over new connections if need be; fails where it does not. */
  public Future<Void> probe() {
    Request ping = Request.cmd(Command.PING);
    return send(ping).recover(_ -> send(ping)).mapEmpty();
  }

  /** Completes after a while. */
  Future<Void> pause(Duration time) {
    return background.timer(time.toMillis(), TimeUnit.MILLISECONDS).mapEmpty();
  }

  /** Ends the connections. */
  public Future<Void> close() {
    return redis.close();
  }

  private Future<Optional<Response>> send(Request request) {
    Promise<Optional<Response>> answered = Promise.promise();
    background.runOnContext(_ -> ask(request).onComplete(answered));
    return answered.future();
  }

  private Future<Optional<Response>> ask(Request request) {
    Redis asked = redis;
    long askedNanos = System.nanoTime();
    return asked
        .send(request)
        .map(Optional::ofNullable)
        .onSuccess(_ -> answeredNanos = System.nanoTime())
        .timeout(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
        .onFailure(failure -> {
          if (failure instanceof TimeoutException && answeredNanos - askedNanos < 0) {
            leave(asked);
          }
        });
  }

  /** Closing it is the only way to be rid of connections that hang. */
  private void leave(Redis silent) {
    if (silent.equals(redis)) {
      redis = newClient();
      silent.close();
    }
  }

  /** All of a tenant's are in one slot of a Redis Cluster. */
  private static String prefix(UUID tenant) {
    return "gh:session:{" + tenant + "}:";
  }

  private static String sessionKey(UUID tenant, TokenDigest session) {
    return prefix(tenant) + session.toText();
  }

  private static String index(UUID tenant, UUID provider, String kind, String name) {
    String digest = TokenDigest.of(provider + "\n" + kind + "\n" + name).toText();
    return "gh:sessions-of:{" + tenant + "}:" + digest;
  }

  private static String script(String name) {
    try (InputStream script = SessionStore.class.getResourceAsStream(name)) {
      if (script == null) {
        throw new IllegalStateException(name + " is missing");
      }
      return new String(script.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
