package dev.gatehouse.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient.Response;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Services that fail as a whole are left alone for a while. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CircuitBreakerTest {
  private static final String SOON =
      "{'window':4,'minimumRequests':4,'failureRatePercent':50,'openFor':'%s','trials':2}";
  private static final String ONE_ATTEMPT =
      ",'retries':{'attempts':1},'outlierDetection':{'maxEjectedPercent':0}";

  private Scene scene;

  @BeforeAll
  void start() throws Exception {
    scene = new Scene();
  }

  @AfterAll
  void stop() {
    scene.close();
  }

  private static String breaker(String openFor) {
    return ",'circuitBreaker':" + SOON.formatted(openFor);
  }

  private static void fail(Scene scene, String path, int times) throws Exception {
    for (int i = 0; i < times; i++) {
      assertThat(scene.get(path).status()).isEqualTo(500);
    }
  }

  private String state(String path) throws Exception {
    return scene.breaker(path.substring(1), "").getString("state");
  }

  @Test
  void refusesAtOnceAndAsksNobodyOnceHalfHaveFailed() throws Exception {
    try (Backend service = Backend.answering(500, "no")) {
      String path = scene.service(breaker("PT1H") + ONE_ATTEMPT, service);
      fail(scene, path, 4);

      Response refused = scene.get(path);

      assertThat(refused.status()).isEqualTo(503);
      assertThat(new JsonObject(refused.body()).getString("type")).endsWith("/circuit-open");
      assertThat(refused.header("Retry-After")).isEqualTo("3600");
      assertThat(refused.header("Proxy-Status"))
          .isEqualTo("gatehouse; error=destination_unavailable");
      assertThat(service.seen()).hasSize(4);
      assertThat(state(path)).isEqualTo("open");
    }
  }

  @Test
  void closesAgainAfterTrialsThatSucceed() throws Exception {
    AtomicInteger status = new AtomicInteger(500);
    try (Backend service =
        new Backend(request -> Backend.answer(request, status.get(), "answer"))) {
      String path = scene.service(breaker("PT0.5S") + ONE_ATTEMPT, service);
      fail(scene, path, 4);
      assertThat(state(path)).isEqualTo("open");
      status.set(200);

      awaitNotRefused(path);
      assertThat(state(path)).isEqualTo("half_open");
      assertThat(scene.get(path).status()).isEqualTo(200);

      assertThat(state(path)).isEqualTo("closed");
    }
  }

  @Test
  void opensAgainAfterTrialsThatFail() throws Exception {
    try (Backend service = Backend.answering(500, "no")) {
      String path = scene.service(breaker("PT0.5S") + ONE_ATTEMPT, service);
      fail(scene, path, 4);
      awaitNotRefused(path);
      fail(scene, path, 1);

      assertThat(service.seen()).as("four, and two trials").hasSize(6);
      assertThat(state(path)).isEqualTo("open");
    }
  }

  /** One request has been let through as a trial. */
  private void awaitNotRefused(String path) {
    Backend.await(
        () -> {
          try {
            return scene.get(path).status() != 503;
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        },
        () -> "the breaker never lets a trial through");
  }

  @Test
  void oneTenantsFailingSiloLeavesTheOthersAlone() throws Exception {
    try (Backend pool = Backend.answering(200, "pool");
        Backend silo = Backend.answering(500, "silo")) {
      String name = "s-" + UUID.randomUUID().toString().substring(0, 8);
      String path = scene.service(name, breaker("PT1H") + ONE_ATTEMPT, pool);
      TestTenant apart =
          scene.tenantWith(
              "{'" + name + "':{'endpoints':[" + Scene.endpoint(silo.port(), "") + "]}}");
      for (int i = 0; i < 4; i++) {
        assertThat(scene.send(apart, "GET " + path).status()).isEqualTo(500);
      }

      assertThat(scene.send(apart, "GET " + path).status()).isEqualTo(503);
      assertThat(scene.get(path).body()).isEqualTo("pool");
      assertThat(scene.breaker(name, apart.edge().id().toString()).getString("state"))
          .isEqualTo("open");
      assertThat(state(path)).isEqualTo("closed");
    }
  }

  @Test
  void aTenantsOwnBreakerCountsItsOwnRequestsByItsOwnRules() throws Exception {
    try (Backend service = Backend.answering(500, "no")) {
      String name = "s-" + UUID.randomUUID().toString().substring(0, 8);
      String path = scene.service(name, ONE_ATTEMPT, service);
      TestTenant guarded =
          scene.tenantWith("{'" + name + "':{'circuitBreaker':" + SOON.formatted("PT1H") + "}}");
      fail(scene, path, 10);
      for (int i = 0; i < 4; i++) {
        assertThat(scene.send(guarded, "GET " + path).status()).isEqualTo(500);
      }

      assertThat(scene.send(guarded, "GET " + path).status()).isEqualTo(503);
      assertThat(scene.get(path).status()).as("the service has no breaker").isEqualTo(500);
    }
  }
}
