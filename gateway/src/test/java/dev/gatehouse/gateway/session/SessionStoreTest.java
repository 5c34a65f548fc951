package dev.gatehouse.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.backends.EmbeddedRedis;
import dev.gatehouse.gateway.Eventually;
import dev.gatehouse.gateway.FragileLink;
import dev.gatehouse.gateway.authenticate.cache.TokenDigest;
import dev.gatehouse.gateway.redis.RedisConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sessions in a real Redis, whatever happens on the way there. */
@Timeout(60)
class SessionStoreTest {
  private static final UUID TENANT = UUID.randomUUID();

  private final Vertx vertx = Vertx.vertx();
  private EmbeddedRedis redis;
  private FragileLink link;
  private SessionStore store;

  @BeforeEach
  void start(@TempDir Path folder) {
    redis = EmbeddedRedis.start(folder, 0);
    link = new FragileLink(redis.port());
    store = new SessionStore(vertx, new RedisConfig(URI.create(link.urlFor(redis.url()))));
  }

  @AfterEach
  void stop() {
    store.close().await();
    vertx.close().await();
    link.close();
    redis.close();
  }

  private Future<Boolean> ask() {
    return store.takeRefresh(
        TENANT, TokenDigest.of(UUID.randomUUID().toString()), Duration.ofSeconds(1));
  }

  @Test
  void leavesConnectionsThatFellSilent() throws Exception {
    Future.all(Stream.generate(this::ask).limit(50).toList()).await();
    assertThat(link.accepted()).as("all connections that it has at most").isEqualTo(4);
    link.fallSilent();
    Eventually.holds(() -> ask().otherwise(false).await());
  }

  @Test
  void findsRedisAgainAfterItWasAway() throws Exception {
    link.takeDown();
    assertThat(ask().otherwise(false).await()).isFalse();
    link.bringUp();
    Eventually.holds(() -> ask().otherwise(false).await());
  }
}
