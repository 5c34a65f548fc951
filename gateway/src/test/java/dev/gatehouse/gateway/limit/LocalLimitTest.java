package dev.gatehouse.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EdgeLimits;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LocalLimitTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final EdgeLimits TEN =
      new EdgeLimits(
          OptionalLong.of(10), OptionalLong.of(10), OptionalLong.empty(), OptionalLong.empty());

  private final AtomicLong micros = new AtomicLong(1_700_000_000_000_000L);

  @AfterAll
  static void closeVertx() {
    VERTX.close();
  }

  @Test
  void decidesWhileRedisAcceptsAndNeverAnswers() throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      TestGateway gateway =
          new TestGateway(VERTX, "redis://127.0.0.1:" + mute.getLocalPort(), micros);
      TenantLimiter limiter = gateway.limiter.limiterFor(UUID.randomUUID(), TEN);
      TestGateway.await(() -> gateway.meters.failures().count() >= 2);
      assertThat(admitted(limiter, 20)).isEqualTo(10);
      assertThat(gateway.meters.shared()).isFalse();
    }
  }

  @Test
  void neverAdmitsMoreThanTheBurstToManyThreads() throws Exception {
    TestGateway gateway = new TestGateway(VERTX, "redis://127.0.0.1:1", micros);
    TenantLimiter limiter = gateway.limiter.limiterFor(UUID.randomUUID(), TEN);
    List<Callable<Long>> callers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      callers.add(() -> admitted(limiter, 1000));
    }
    long total = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (Future<Long> caller : threads.invokeAll(callers)) {
        total += caller.get();
      }
    }
    assertThat(total).isEqualTo(10);
  }

  private static long admitted(TenantLimiter limiter, int attempts) {
    long admitted = 0;
    for (int i = 0; i < attempts; i++) {
      if (limiter.tryAcquire()) {
        admitted++;
      }
    }
    return admitted;
  }
}
