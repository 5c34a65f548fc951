package dev.gatehouse.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.backends.EmbeddedRedis;
import dev.gatehouse.gateway.Eventually;
import dev.gatehouse.gateway.FragileLink;
import dev.gatehouse.gateway.authenticate.cache.TokenDigest;
import dev.gatehouse.gateway.redis.RedisConfig;
import dev.gatehouse.gateway.session.Subscription.Pace;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is heard of ended sessions, whatever happens on the way to a real Redis. */
@Timeout(60)
class EndedSessionsTest {
  private static final UUID TENANT = UUID.randomUUID();

  private final Vertx vertx = Vertx.vertx();
  private final Set<TokenDigest> heard = ConcurrentHashMap.newKeySet();
  private final AtomicInteger subscriptions = new AtomicInteger();
  private EmbeddedRedis redis;
  private FragileLink link;
  private Redis direct;

  @BeforeEach
  void start(@TempDir Path folder) {
    redis = EmbeddedRedis.start(folder, 0);
    link = new FragileLink(redis.port());
    direct = Redis.createClient(vertx, redis.url());
  }

  @AfterEach
  void stop() {
    vertx.close().await();
    link.close();
    redis.close();
  }

  private EndedSessions listen(Pace pace) throws Exception {
    EndedSessions ended = start(pace);
    Eventually.holds(() -> subscriptions.get() == 1);
    return ended;
  }

  private EndedSessions start(Pace pace) {
    EndedSessions ended =
        new EndedSessions(
            vertx, new RedisConfig(URI.create(link.urlFor(redis.url()))), pace, new Heard());
    ended.start();
    return ended;
  }

  private final class Heard implements EndedSessions.Listener {
    @Override
    public void ended(UUID tenant, TokenDigest session) {
      assertThat(tenant).isEqualTo(TENANT);
      heard.add(session);
    }

    @Override
    public void listening() {
      subscriptions.incrementAndGet();
    }
  }

  private static Pace pingingEvery(Duration time) {
    return new Pace(time, Duration.ofSeconds(1), Duration.ofMillis(50));
  }

  private TokenDigest end(String name) {
    TokenDigest session = TokenDigest.of(name);
    direct
        .send(Request.cmd(Command.PUBLISH, SessionStore.CHANNEL, TENANT + " " + session.toText()))
        .await();
    return session;
  }

  @Test
  void hearsAgainAfterTheConnectionFellSilent() throws Exception {
    EndedSessions ended = listen(pingingEvery(Duration.ofMillis(50)));
    link.fallSilent();
    TokenDigest missed = end("missed");
    Eventually.holds(() -> subscriptions.get() == 2);

    TokenDigest later = end("later");
    // It is known before the listener is told.
    Eventually.holds(() -> !heard.isEmpty());
    assertThat(heard).containsExactly(later);
    assertThat(ended.contains(later)).isTrue();
    assertThat(ended.contains(missed)).isFalse();
    ended.close();
  }

  @Test
  void hearsAgainAfterRedisWasAway() throws Exception {
    EndedSessions ended = listen(Pace.DEFAULT);
    link.takeDown();
    link.bringUp();
    Eventually.holds(() -> subscriptions.get() == 2);

    TokenDigest later = end("later");
    Eventually.holds(() -> heard.contains(later));
    ended.close();
  }

  @Test
  void keepsAConnectionOnWhichAMessageOvertakesTheSignOfLife() throws Exception {
    EndedSessions ended =
        listen(new Pace(Duration.ofMillis(50), Duration.ofSeconds(4), Duration.ofMillis(50)));
    link.holdBack();
    Eventually.holds(link::holds);
    TokenDigest meanwhile = end("meanwhile");
    Eventually.holds(() -> heard.contains(meanwhile));
    link.release();
    link.holdBack();
    Eventually.holds(link::holds);

    assertThat(link.accepted()).as("the next PING came over the same connection").isEqualTo(1);
    ended.close();
  }

  @Test
  void triesAgainWhereRedisRefusesTheSubscription() throws Exception {
    direct.send(Request.cmd(Command.ACL, "SETUSER", "default", "-subscribe")).await();
    EndedSessions ended = start(pingingEvery(Duration.ofMillis(50)));
    Eventually.holds(() -> refusals() > 1);
    direct.send(Request.cmd(Command.ACL, "SETUSER", "default", "+subscribe")).await();
    Eventually.holds(() -> subscriptions.get() == 1);
    ended.close();
  }

  /** How often Redis has refused a subscription. */
  private int refusals() {
    String info = direct.send(Request.cmd(Command.INFO, "commandstats")).await().toString();
    return info.lines()
        .filter(line -> line.startsWith("cmdstat_subscribe:"))
        .mapToInt(line -> Integer.parseInt(line.replaceAll(".*rejected_calls=(\\d+).*", "$1")))
        .findFirst()
        .orElse(0);
  }
}
