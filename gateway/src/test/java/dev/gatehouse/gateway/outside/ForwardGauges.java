package dev.gatehouse.gateway.outside;

import dev.gatehouse.gateway.Platform;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What the gateway says on its admin port of what it holds. */
final class ForwardGauges {
  private static final String IN_FLIGHT = "gatehouse_forward_in_flight";
  private static final long MOST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(20);

  private ForwardGauges() {}

  /** Waits until no request is under way. */
  static void awaitNothingInFlight(Platform platform) throws Exception {
    awaitInFlight(platform, 0);
  }

  /** Waits until so many requests are under way. */
  static void awaitInFlight(Platform platform, int count) throws Exception {
    await(platform, IN_FLIGHT, count);
  }

  private static void await(Platform platform, String gauge, int wanted) throws Exception {
    URI metrics = URI.create("http://127.0.0.1:" + platform.gateway.adminPort() + "/metrics");
    // By HTTP/1.1: an upgrade for each of so many questions proves nothing here.
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      long end = System.nanoTime() + MOST_WAIT_NANOS;
      double value = read(client, metrics, gauge);
      while (value != wanted) {
        if (System.nanoTime() - end > 0) {
          throw new AssertionError(gauge + " should be " + wanted + ", and is " + value);
        }
        value = read(client, metrics, gauge);
      }
    }
  }

  private static double read(HttpClient client, URI metrics, String gauge) throws Exception {
    return client
        .send(
            HttpRequest.newBuilder(metrics).timeout(Duration.ofSeconds(10)).build(),
            HttpResponse.BodyHandlers.ofString())
        .body()
        .lines()
        .filter(line -> line.startsWith(gauge + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(gauge.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("there is no gauge " + gauge));
  }
}
