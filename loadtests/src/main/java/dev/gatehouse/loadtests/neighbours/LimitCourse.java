package dev.gatehouse.loadtests.neighbours;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Looks at a service's limit, a few times a second, on the gateway's admin port. */
final class LimitCourse implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofMillis(200);

  private final HttpClient client = HttpClient.newHttpClient();
  private final HttpRequest metrics;
  private final Pattern limit;
  private final List<Integer> seen = new ArrayList<>();
  private final Thread thread;
  private @Nullable IOException fault;

  private LimitCourse(int adminPort, String service) {
    metrics =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + "/metrics"))
            .version(HttpClient.Version.HTTP_1_1)
            .timeout(Duration.ofSeconds(10))
            .build();
    limit =
        Pattern.compile(
            "(?m)^gatehouse_service_limit\\{service=\"" + Pattern.quote(service) + "\"} ([0-9.]+)");
    thread = Thread.ofVirtual().start(this::watch);
  }

  /** Begins to look. */
  static LimitCourse of(int adminPort, String service) {
    return new LimitCourse(adminPort, service);
  }

  /**
   * Stops looking.
   *
   * @throws IOException if the gateway did not tell
   */
  Range end() throws IOException, InterruptedException {
    thread.interrupt();
    thread.join();
    if (fault != null) {
      throw fault;
    }
    return Range.of(seen);
  }

  @Override
  public void close() {
    thread.interrupt();
    client.close();
  }

  private void watch() {
    try {
      while (true) {
        Thread.sleep(INTERVAL);
        Matcher found =
            limit.matcher(client.send(metrics, HttpResponse.BodyHandlers.ofString()).body());
        if (found.find()) {
          seen.add((int) Double.parseDouble(found.group(1)));
        }
      }
    } catch (IOException e) {
      fault = e;
    } catch (InterruptedException e) {
      // It has seen enough.
    }
  }

  /**
   * What was seen.
   *
   * @param least 0 where nothing was
   */
  record Range(int least, int median, int most) {
    static Range of(List<Integer> values) {
      if (values.isEmpty()) {
        return new Range(0, 0, 0);
      }
      List<Integer> sorted = values.stream().sorted().toList();
      return new Range(sorted.getFirst(), sorted.get(sorted.size() / 2), sorted.getLast());
    }
  }
}
