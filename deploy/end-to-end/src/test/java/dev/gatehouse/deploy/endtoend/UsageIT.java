package dev.gatehouse.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What was counted, while gateway and control plane are killed under load: each request once, but
 * for those of the last moments of a gateway that was killed, and of these it is said which time
 * they are of.
 */
@Timeout(300)
class UsageIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration EVERY = Duration.ofSeconds(1);

  /** A request ends at the gateway a moment before, or after, its client has read the answer. */
  private static final Duration MOMENT = Duration.ofMillis(500);

  private record Answered(Instant sent, Instant read) {}

  private record Lost(Instant from, Instant to, String why) {
    boolean touches(Answered request) {
      return request.sent.isBefore(to.plus(MOMENT)) && request.read.isAfter(from.minus(MOMENT));
    }
  }

  @TempDir private Path scratch;

  private final List<Answered> answered = new CopyOnWriteArrayList<>();
  private final AtomicLong sent = new AtomicLong();
  private volatile boolean loading = true;

  @Test
  void countsEachRequestOnceWhoeverIsKilled() throws Exception {
    try (RunningDemo demo = RunningDemo.start(scratch.resolve("demo"))) {
      demo.kill("gateway");
      List<String> gateway = List.of("gateway", "--config", often(demo).toString());
      List<String> controlPlane =
          List.of(
              "control-plane",
              "--config",
              demo.directory().resolve("control-plane.yaml").toString());
      Process edge = start(demo, gateway, "gateway-0");
      awaitAnswer(demo);
      Thread load = Thread.ofPlatform().start(() -> load(demo));
      for (int i = 1; i <= 3; i++) {
        awaitMore(200);
        kill(edge);
        edge = start(demo, gateway, "gateway-" + i);
        awaitMore(100);
      }
      demo.kill("controlPlane");
      awaitMore(400);
      kill(edge);
      edge = start(demo, gateway, "gateway-4");
      awaitMore(100);
      Process control = start(demo, controlPlane, "control-plane");
      try {
        awaitMore(100);
        loading = false;
        load.join();
        awaitReady(demo);
        stop(edge);
        compare(demo);
      } finally {
        stop(control);
      }
    }
  }

  private void compare(RunningDemo demo) throws Exception {
    JsonNode usage = usage(demo);
    List<Lost> lost = new ArrayList<>();
    usage
        .path("lost")
        .forEach(one ->
            lost.add(
                new Lost(
                    Instant.parse(one.path("from").asText()),
                    Instant.parse(one.path("to").asText()),
                    one.path("why").asText())));
    long counted = usage.at("/items/0/requests/total").asLong();
    long certain =
        answered.stream()
            .filter(request -> lost.stream().noneMatch(l -> l.touches(request)))
            .count();
    // The demo's own gateway, and four that the test has killed.
    assertThat(lost).hasSize(5).allSatisfy(one -> assertThat(one.why()).isEqualTo("killed"));
    assertThat(lost.subList(1, 5))
        .allSatisfy(one ->
            assertThat(Duration.between(one.from(), one.to()))
                .isLessThanOrEqualTo(EVERY.plusSeconds(1)));
    assertThat(counted)
        .as("of %d sent, %d answered, %s lost", sent.get(), answered.size(), lost)
        .isBetween(certain, sent.get());
    assertThat(certain).isGreaterThan(answered.size() / 4);
  }

  private static JsonNode usage(RunningDemo demo) throws Exception {
    try (ControlPlaneApi api = new ControlPlaneApi(demo)) {
      HttpResponse<String> response =
          api.get(
              "/v1/tenants/acme/usage?step=total&from=" + Instant.now().minus(Duration.ofHours(1)));
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      return JSON.readTree(response.body());
    }
  }

  /** The demo's gateway, but with a report a second. */
  private static Path often(RunningDemo demo) throws IOException {
    Path config = demo.directory().resolve("gateway.yaml");
    Path changed = demo.directory().resolve("gateway-often.yaml");
    String text = Files.readString(config);
    assertThat(text).contains("\nusage:\n");
    return Files.writeString(
        changed, text.replace("\nusage:\n", "\nusage:\n  every: " + EVERY.toSeconds() + "s\n"));
  }

  private Process start(RunningDemo demo, List<String> command, String name) throws IOException {
    ProcessBuilder builder =
        Launcher.command(command.toArray(String[]::new))
            .redirectErrorStream(true)
            .redirectOutput(scratch.resolve(name + ".out").toFile());
    for (String line : Files.readAllLines(demo.directory().resolve("secrets.env"))) {
      String[] nameAndValue = line.split("=", 2);
      builder.environment().put(nameAndValue[0], nameAndValue[1]);
    }
    return builder.start();
  }

  private static void kill(Process process) throws InterruptedException {
    process.destroyForcibly();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
  }

  private static void stop(Process process) throws InterruptedException {
    process.destroy();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
  }

  private void load(RunningDemo demo) {
    RawHttp gateway = new RawHttp(demo.gatewayPort());
    while (loading) {
      Instant began = Instant.now();
      sent.incrementAndGet();
      if (answers(gateway, demo)) {
        answered.add(new Answered(began, Instant.now()));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }

  private static boolean answers(RawHttp gateway, RunningDemo demo) {
    try {
      return gateway
              .get("acme.localhost", "/whoami", "X-API-Key: " + demo.apiKey("acme") + "\r\n")
              .status()
          == 200;
    } catch (Exception e) {
      return false; // nobody listens
    }
  }

  private void awaitAnswer(RunningDemo demo) {
    RawHttp gateway = new RawHttp(demo.gatewayPort());
    boolean served = false;
    while (!served) {
      sent.incrementAndGet();
      served = answers(gateway, demo);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  /** Also those of the demo's start are counted for the tenant. */
  private void awaitMore(int requests) {
    int wanted = answered.size() + requests;
    while (answered.size() < wanted) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  private static void awaitReady(RunningDemo demo) throws Exception {
    try (ControlPlaneApi api = new ControlPlaneApi(demo)) {
      while (true) {
        try {
          if (api.get("/readyz").statusCode() == 200) {
            return;
          }
        } catch (IOException e) {
          // Nobody listens yet.
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
    }
  }
}
