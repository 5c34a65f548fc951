package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.Concurrency;
import dev.gatehouse.contract.edge.EdgeLimits;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** How many requests a tenant may have in flight, seen from outside. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConcurrentRequestsTest {
  private static final List<String> ENDINGS =
      List.of("ok", "cut", "cut-in-body", "999", "204", "stamp-other", "chunked", "silent");

  private static final AtomicInteger MARKS = new AtomicInteger();

  private Platform platform;

  @BeforeAll
  void start() throws Exception {
    platform = new Platform();
    platform.feed.awaitApplied(platform.feed.put(unlimited(platform.upstream.service("app"))));
  }

  @AfterAll
  void stop() {
    platform.close();
  }

  /** So that only the tenant's own limit counts. */
  private static EdgeService unlimited(EdgeService s) {
    Concurrency concurrency =
        new Concurrency(
            OptionalInt.of(10_000),
            OptionalInt.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            OptionalInt.empty());
    return new EdgeService(
        s.name(),
        s.endpoints(),
        s.protocol(),
        s.connectTimeout(),
        s.responseTimeout(),
        s.totalTimeout(),
        s.balancing(),
        s.healthCheck(),
        s.outlierDetection(),
        s.circuitBreaker(),
        s.retries(),
        Optional.of(concurrency),
        s.compression(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private TestTenant tenant(int most) throws InterruptedException {
    EdgeLimits limits =
        new EdgeLimits(
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.of(most),
            OptionalLong.of(1000));
    return platform.tenant(tenant -> Platform.with(tenant, limits));
  }

  private RawClient send(TestTenant tenant, String mode, String... headers) throws IOException {
    RawClient client = new RawClient(platform.gateway.httpPort());
    client.write(
        "POST /x?mode=%s HTTP/1.1\r\nHost: %s\r\nX-API-Key: %s\r\n%s\r\n\r\n"
            .formatted(mode, tenant.host(), tenant.key().reveal(), String.join("\r\n", headers)));
    return client;
  }

  private Response get(TestTenant tenant) throws IOException {
    try (RawClient client = send(tenant, "ok", "Content-Length: 0")) {
      return client.read();
    }
  }

  /**
   * Takes all slots, with requests that the upstream does not answer, and sees to it that there is
   * not one more: none was lost, none given back twice.
   */
  private List<RawClient> takeAll(TestTenant tenant, int most)
      throws IOException, InterruptedException {
    List<RawClient> held = new ArrayList<>();
    while (held.size() < most) {
      awaitServed(tenant);
      String mark = "take-" + MARKS.incrementAndGet();
      RawClient client = send(tenant, "silent&" + mark, "Content-Length: 0");
      awaitReceived(mark);
      held.add(client);
    }
    assertThat(get(tenant).status()).isEqualTo(429);
    return held;
  }

  private void awaitReceived(String mark) throws InterruptedException {
    while (platform.upstream.received().stream().noneMatch(it -> it.uri().endsWith(mark))) {
      Thread.sleep(1); // which the time limit of the test interrupts
    }
  }

  /** Slots of clients that went away come back when the gateway has noticed. */
  private void awaitServed(TestTenant tenant) throws IOException, InterruptedException {
    while (get(tenant).status() != 200) {
      Thread.sleep(1);
    }
  }

  @Test
  void refusesOneMoreThanTheTenantMayHaveInFlight() throws Exception {
    TestTenant tenant = tenant(2);
    List<RawClient> held = takeAll(tenant, 2);

    Response refused = get(tenant);

    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.header("Retry-After")).isEqualTo("1");
    assertThat(refused.body()).contains("/too-many-concurrent-requests", "2 requests in flight");
    for (RawClient client : held) {
      client.close();
    }
    awaitServed(tenant);
  }

  @Test
  void getsEverySlotBackHoweverRequestsEnd() throws Exception {
    TestTenant tenant = tenant(16);
    List<Future<?>> clients = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 8; i++) {
        Random random = new Random(i);
        clients.add(
            threads.submit(() -> {
              for (int request = 0; request < 300; request++) {
                endSomehow(tenant, random);
              }
              return "";
            }));
      }
    }
    for (Future<?> client : clients) {
      client.get();
    }
    awaitServed(tenant);
    for (RawClient client : takeAll(tenant, 16)) {
      client.close();
    }
  }

  private void endSomehow(TestTenant tenant, Random random) throws IOException {
    String mode = ENDINGS.get(random.nextInt(ENDINGS.size()));
    boolean tooLong = random.nextInt(5) == 0;
    String body = "y".repeat(tooLong ? 2000 : 10);
    try (RawClient client = send(tenant, mode, "Transfer-Encoding: chunked")) {
      boolean whole = random.nextInt(5) > 0;
      client.write(whole ? "%x\r\n%s\r\n0\r\n\r\n".formatted(body.length(), body) : "5\r\nbro");
      boolean patient = random.nextInt(3) > 0;
      if (patient && whole && !mode.equals("silent")) {
        client.read();
      }
    } catch (IOException e) {
      // Some of these ends close the connection; what counts is what is left afterwards.
    }
  }
}
