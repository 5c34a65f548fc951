package dev.gatehouse.deploy.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks one server over HTTP. Blocks. */
final class Probe implements AutoCloseable {
  static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration TIMEOUT = Duration.ofSeconds(4);
  private static final long MOST_BYTES = 16 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI base;
  private final String token;
  private final Optional<Path> trust;
  private @Nullable HttpClient http;

  /**
   * @param token sent with each request; empty for none
   * @param trust PEM file with the authorities that may vouch for the server; those of the Java
   *     runtime if absent
   */
  Probe(URI base, String token, Optional<Path> trust) {
    this.base = base;
    this.token = token;
    this.trust = trust;
  }

  private synchronized HttpClient http() throws IOException {
    if (http == null) {
      HttpClient.Builder builder =
          HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT);
      if (trust.isPresent()) {
        builder.sslContext(TlsContext.of(trust, Optional.empty(), Optional.empty()));
      }
      http = builder.build();
    }
    return http;
  }

  /** The server. */
  URI base() {
    return base;
  }

  Answer get(String path) throws IOException, InterruptedException {
    return send(request(path));
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).timeout(TIMEOUT);
    return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
  }

  private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response =
        http().send(request.build(), BodyHandlers.limiting(BodyHandlers.ofString(), MOST_BYTES));
    return new Answer(response.statusCode(), response.headers(), response.body());
  }

  /** Lets go of connections; does not wait for what is under way. */
  @Override
  public synchronized void close() {
    if (http != null) {
      http.shutdownNow();
    }
  }

  /** What came back. */
  record Answer(int status, HttpHeaders headers, String text) {
    /** Its body; missing where it is not JSON. */
    JsonNode json() {
      try {
        return JSON.readTree(text);
      } catch (JsonProcessingException _) {
        return MissingNode.getInstance();
      }
    }

    /** Status and what it says itself. */
    String inWords() {
      JsonNode body = json();
      String words = body.path("detail").asText(body.path("title").asText(""));
      return status + (words.isEmpty() ? "" : " (" + words.replaceFirst("\\.$", "") + ")");
    }
  }
}
