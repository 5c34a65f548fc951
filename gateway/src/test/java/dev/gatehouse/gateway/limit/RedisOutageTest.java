package dev.gatehouse.gateway.limit;

import static ch.qos.logback.classic.Level.INFO;
import static ch.qos.logback.classic.Level.WARN;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Every way in which Redis can be away: no request notices, and the log says it once. */
@Isolated("reads a log that all gateways of the process write")
@Timeout(60)
class RedisOutageTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final Duration IMPATIENT = Duration.ofMillis(300);
  private static final int REPEATED = 3;

  @TempDir private Path directory;
  private final ManualClock clock = new ManualClock();
  private LinkLog log;

  @BeforeEach
  void listen() {
    log = new LinkLog();
  }

  @AfterEach
  void stopListening() {
    log.close();
  }

  @AfterAll
  static void closeVertx() {
    VERTX.close();
  }

  @Test
  void limitsAloneWhileConnectionsAreRefused() throws Exception {
    try (TestGateway gateway = gatewayAt("redis://127.0.0.1:" + portWhereNobodyListens())) {
      staysAway(gateway);
      assertLogged(WARN);
    }
  }

  @Test
  void limitsAloneWhileConnectionsAreAcceptedAndNothingIsAnswered() throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        TestGateway gateway = gatewayAt("redis://127.0.0.1:" + mute.getLocalPort())) {
      staysAway(gateway);
      assertLogged(WARN);
    }
  }

  @Test
  void limitsAloneWhileThePasswordIsWrong() throws Exception {
    try (TestRedis redis = new TestRedis(VERTX, directory);
        TestGateway gateway = gatewayAt(redis.url("default", "not-yet-valid"))) {
      staysAway(gateway);
      assertLogged(WARN);
      assertThat(log.messages()).noneMatch(message -> message.contains("not-yet-valid"));

      redis.send(Command.CONFIG, "SET", "requirepass", "not-yet-valid");
      comesBack(gateway);
      assertLogged(WARN, INFO);
    }
  }

  @Test
  void limitsAloneAfterRedisWasKilled() throws Exception {
    try (TestRedis redis = new TestRedis(VERTX, directory);
        TestGateway gateway = gatewayAt(redis.url())) {
      gateway.awaitShared(true);
      redis.kill();
      staysAway(gateway);
      assertLogged(INFO, WARN);

      redis.start();
      comesBack(gateway);
      assertLogged(INFO, WARN, INFO);
    }
  }

  @Test
  void limitsAloneAfterRedisStoppedAnswering() throws Exception {
    try (TestRedis redis = new TestRedis(VERTX, directory);
        TestGateway gateway = gatewayAt(redis.url())) {
      gateway.awaitShared(true);
      redis.freeze();
      reportOneRequest(gateway);
      staysAway(gateway);
      assertLogged(INFO, WARN);

      redis.thaw();
      comesBack(gateway);
      assertLogged(INFO, WARN, INFO);
    }
  }

  @Test
  void limitsAloneAfterRedisBecameAReadOnlyReplica() throws Exception {
    try (TestRedis redis = new TestRedis(VERTX, directory);
        TestGateway gateway = gatewayAt(redis.url())) {
      gateway.awaitShared(true);
      redis.send(Command.REPLICAOF, "127.0.0.1", portWhereNobodyListens());
      reportOneRequest(gateway);
      staysAway(gateway);
      assertLogged(INFO, WARN);

      redis.send(Command.REPLICAOF, "NO", "ONE");
      comesBack(gateway);
      assertLogged(INFO, WARN, INFO);
    }
  }

  @Test
  void callsItOneOutageWhileRedisTakesConnectionsAndRefusesReports() throws Exception {
    try (TestRedis redis = new TestRedis(VERTX, directory)) {
      redis.send(Command.ACL, "SETUSER", "gateway", "on", ">secret", "+@all", "~gh:rate:{trial}");
      try (TestGateway gateway = gatewayAt(redis.url("gateway", "secret"))) {
        for (int outage = 0; outage < REPEATED; outage++) {
          gateway.awaitShared(true);
          reportOneRequest(gateway);
        }
        assertThat(gateway.meters.failures().count()).isGreaterThanOrEqualTo(REPEATED);
        assertLogged(INFO, WARN);

        redis.send(Command.ACL, "SETUSER", "gateway", "~*");
        comesBack(gateway);
        assertLogged(INFO, WARN, INFO);
      }
    }
  }

  private TestGateway gatewayAt(String url) {
    return new TestGateway(VERTX, url, IMPATIENT, clock);
  }

  /**
   * It is away, is found to be away again and again, and the tenants have their rates meanwhile.
   */
  private void staysAway(TestGateway gateway) throws Exception {
    TenantLimiter before = gateway.limiter.limiterFor(UUID.randomUUID(), Limits.of(1, 10));
    gateway.awaitFailures(REPEATED);
    TenantLimiter after = gateway.limiter.limiterFor(UUID.randomUUID(), Limits.of(1, 10));
    assertThat(gateway.meters.shared()).isFalse();
    assertThat(Limits.drain(before)).isEqualTo(10);
    assertThat(Limits.drain(after)).isEqualTo(10);
    gateway.synchronize();
    clock.pass(Duration.ofSeconds(3));
    assertThat(Limits.drain(before)).isEqualTo(3);
  }

  /** Reports until one report has succeeded; on a busy machine some are answered too late. */
  private void comesBack(TestGateway gateway) throws Exception {
    int soFar = log.levels().size();
    while (log.levels().size() == soFar) {
      gateway.awaitShared(true);
      reportOneRequest(gateway);
    }
    assertThat(gateway.meters.shared()).isTrue();
  }

  private void reportOneRequest(TestGateway gateway) throws Exception {
    TenantLimiter tenant = gateway.limiter.limiterFor(UUID.randomUUID(), Limits.of(1, 10));
    assertThat(tenant.tryAcquire()).isTrue();
    gateway.synchronize();
  }

  private void assertLogged(Level... expected) {
    assertThat(log.levels()).as(() -> log.messages().toString()).containsExactly(expected);
  }

  private static int portWhereNobodyListens() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
