package dev.gatehouse.loadtests.directory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Random;
import org.HdrHistogram.Histogram;

/** Asks a control plane for tenants, one request after the other. */
final class DirectoryClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int WARM_UP = 50;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String origin;
  private final String token;

  DirectoryClient(int port, String token) {
    this.origin = "http://127.0.0.1:" + port;
    this.token = token;
  }

  Latencies ask(Query query, int requests, Random random) throws IOException, InterruptedException {
    for (int i = 0; i < WARM_UP; i++) {
      String _ = page(query.parameters().apply(random));
    }
    Histogram nanos = new Histogram(Duration.ofMinutes(1).toNanos(), 3);
    for (int i = 0; i < requests; i++) {
      String parameters = query.parameters().apply(random);
      long begin = System.nanoTime();
      String _ = page(parameters);
      nanos.recordValue(System.nanoTime() - begin);
    }
    return Latencies.of(query.name(), nanos);
  }

  /** Page after page, by name. */
  Latencies turnPages(int requests) throws IOException, InterruptedException {
    Histogram nanos = new Histogram(Duration.ofMinutes(1).toNanos(), 3);
    String cursor = "";
    for (int i = 0; i < requests; i++) {
      long begin = System.nanoTime();
      String page = page("&sort=name" + cursor);
      nanos.recordValue(System.nanoTime() - begin);
      JsonNode next = JSON.readTree(page).get("nextCursor");
      cursor = next == null ? "" : "&cursor=" + next.asText();
    }
    return Latencies.of("page after page, by name", nanos);
  }

  private String page(String parameters) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(origin + "/v1/tenants?limit=50" + parameters))
            .header("Authorization", "Bearer " + token)
            .build();
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(
          "%s was answered %d: %s".formatted(request.uri(), answer.statusCode(), answer.body()));
    }
    return answer.body();
  }
}
