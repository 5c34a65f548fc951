package dev.gatehouse.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.backends.EmbeddedRedis;
import dev.gatehouse.gateway.Eventually;
import dev.gatehouse.gateway.authenticate.cache.TokenDigest;
import dev.gatehouse.gateway.limit.LimitConfig;
import dev.gatehouse.gateway.limit.RateLimiter;
import dev.gatehouse.gateway.session.SessionStore;
import dev.gatehouse.gateway.tls.TestAuthority;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real Redis that speaks TLS, and asks its clients for a certificate. */
@Timeout(60)
class RedisOverTlsTest {
  private final TestAuthority authority = TestAuthority.root("CN=Infrastructure");
  private final TestAuthority gateway = authority.order("CN=gateway").issue();
  private final Vertx vertx = Vertx.vertx();
  private EmbeddedRedis redis;
  private int port;
  private Path folder;

  @BeforeEach
  void start(@TempDir Path temporary) throws IOException {
    folder = temporary;
    redis = EmbeddedRedis.start(folder.resolve("redis"), 0);
    port = freePort();
    TestAuthority server = authority.order("CN=redis").server("localhost").issue();
    Map<String, String> settings =
        Map.of(
            "tls-cert-file", file("redis/server.pem", server.pem()).toString(),
            "tls-key-file", file("redis/server.key", server.keyPem()).toString(),
            "tls-ca-cert-file", file("redis/ca.pem", authority.pem()).toString(),
            "tls-auth-clients", "yes");
    Request configure = Request.cmd(Command.CONFIG).arg("SET");
    settings.forEach((name, value) -> configure.arg(name).arg(value));
    Redis plain = Redis.createClient(vertx, redis.url());
    plain.send(configure).await();
    plain.send(Request.cmd(Command.CONFIG).arg("SET").arg("tls-port").arg(port)).await();
    plain.close().await();
  }

  @AfterEach
  void stop() {
    vertx.close().await();
    redis.close();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** The server runs as a user of its own. */
  private Path file(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
  }

  private RedisConfig at(String host, TestAuthority trusted, Optional<TestAuthority> shown)
      throws IOException {
    String user = URI.create(redis.url()).getRawUserInfo();
    Optional<Path> certificate = Optional.empty();
    Optional<Path> key = Optional.empty();
    if (shown.isPresent()) {
      certificate = Optional.of(file("gateway.pem", shown.get().pem()));
      key = Optional.of(file("gateway.key", shown.get().keyPem()));
    }
    return new RedisConfig(
        URI.create("rediss://" + user + "@" + host + ":" + port),
        Optional.of(file("trusted.pem", trusted.pem())),
        certificate,
        key);
  }

  /** Asks until there is an answer or a refusal: a busy machine may need longer for a handshake. */
  private boolean answers(RedisConfig at) throws Exception {
    SessionStore store = new SessionStore(vertx, at);
    try {
      while (true) {
        try {
          return store
              .takeRefresh(
                  UUID.randomUUID(),
                  TokenDigest.of(UUID.randomUUID().toString()),
                  Duration.ofSeconds(1))
              .toCompletionStage()
              .toCompletableFuture()
              .get();
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof TimeoutException)) {
            throw e;
          }
        }
      }
    } finally {
      store.close().await();
    }
  }

  @Test
  void keepsSessionsAndSharesLimitsThere() throws Exception {
    RedisConfig at = at("localhost", authority, Optional.of(gateway));
    assertThat(answers(at)).isTrue();

    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    RateLimiter limiter =
        RateLimiter.start(vertx, Optional.of(at), LimitConfig.DEFAULT, meters).await();
    Eventually.holds(() -> meters.get("gatehouse.limit.shared").gauge().value() == 1);
    limiter.close().await();
  }

  @Test
  void takesAPasswordAsItIsWritten() throws Exception {
    String password = "a+b%c/d";
    Redis plain = Redis.createClient(vertx, redis.url());
    plain
        .send(
            Request.cmd(Command.ACL)
                .arg("SETUSER")
                .arg("gateway")
                .arg("on")
                .arg(">" + password)
                .arg("~*")
                .arg("&*")
                .arg("+@all"))
        .await();
    plain.close().await();
    String url = "redis://gateway:a+b%25c%2Fd@127.0.0.1:" + redis.port();
    assertThat(answers(new RedisConfig(URI.create(url)))).isTrue();
  }

  @Test
  void refusesOneThatAnotherAuthorityVouchesFor() throws Exception {
    RedisConfig at = at("localhost", TestAuthority.root("CN=Other"), Optional.of(gateway));
    assertThatThrownBy(() -> answers(at)).hasStackTraceContaining("SSLHandshakeException");
  }

  @Test
  void refusesOneWhoseCertificateIsForAnotherHost() throws Exception {
    RedisConfig at = at("127.0.0.1", authority, Optional.of(gateway));
    assertThatThrownBy(() -> answers(at)).hasStackTraceContaining("127.0.0.1");
  }

  @Test
  void isRefusedWhereItShowsNoCertificate() throws Exception {
    RedisConfig at = at("localhost", authority, Optional.empty());
    assertThatThrownBy(() -> answers(at)).isInstanceOf(Exception.class);
  }

  @Test
  void saysWhatIsWrongWithItsConfiguration() throws Exception {
    Optional<Path> there = Optional.of(file("there.pem", authority.pem()));
    Optional<Path> none = Optional.empty();
    URI tls = URI.create("rediss://localhost");
    assertThatThrownBy(() -> new RedisConfig(URI.create("http://localhost")))
        .hasMessageContaining("url must be redis:// or rediss://");
    assertThatThrownBy(() -> new RedisConfig(URI.create("redis://localhost"), there, none, none))
        .hasMessageContaining("url must be rediss://");
    assertThatThrownBy(() -> new RedisConfig(tls, none, there, none))
        .hasMessage("certificate and key must be given together");
    Path missing = folder.resolve("missing.pem");
    assertThatThrownBy(() -> new RedisConfig(tls, Optional.of(missing), none, none))
        .hasMessage("trust must be a file that can be read, found " + missing);
    Path garbage =
        file("garbage.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----");
    assertThatThrownBy(() -> new RedisConfig(tls, Optional.of(garbage), none, none))
        .hasMessage("trust must be a file with certificates in PEM, found none in " + garbage);
    assertThatThrownBy(() -> new RedisConfig(tls, none, there, there))
        .hasMessageStartingWith("key must be a file with a private key in PEM, not encrypted");
    for (String noHost : List.of("redis:///0", "redis://my_redis:6379")) {
      assertThatThrownBy(() -> new RedisConfig(URI.create(noHost)))
          .hasMessageContaining("url must name a host");
    }
    for (String more : List.of("redis://a/b", "redis://a:6379?password=x", "redis://a/0/1")) {
      assertThatThrownBy(() -> new RedisConfig(URI.create(more)))
          .hasMessageContaining("url must end with the port");
    }
  }
}
