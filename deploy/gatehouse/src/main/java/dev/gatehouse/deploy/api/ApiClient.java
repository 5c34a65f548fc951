package dev.gatehouse.deploy.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.StringWriter;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Sends requests to the control plane. Blocks. */
final class ApiClient {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration TIMEOUT = Duration.ofSeconds(90);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT).build();
  private final Connection connection;

  ApiClient(Connection connection) {
    this.connection = connection;
  }

  /**
   * Sends one.
   *
   * @param body empty for none
   * @throws IOException if there is no answer
   */
  Answer send(String method, String path, Map<String, String> headers, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(connection.url().resolve(path))
            .timeout(TIMEOUT)
            .header("Authorization", "Bearer " + connection.token())
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    headers.forEach(request::header);
    try {
      HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.headers(), parsed(response.body()));
    } catch (IOException e) {
      throw new IOException(
          "The control plane at " + connection.url() + " cannot be reached: " + reasonOf(e), e);
    }
  }

  /**
   * Asks for lines and passes them on, however many there are.
   *
   * @return without a body, unless it is a refusal
   * @throws IOException if there is no answer, or it breaks off
   */
  Answer pass(String path, PrintWriter out) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(connection.url().resolve(path))
            .timeout(TIMEOUT)
            .header("Authorization", "Bearer " + connection.token())
            .build();
    try {
      HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
      try (Reader lines = new InputStreamReader(response.body(), UTF_8)) {
        boolean refused = response.statusCode() / 100 != 2;
        StringWriter refusal = new StringWriter();
        lines.transferTo(refused ? refusal : out);
        out.flush();
        return new Answer(response.statusCode(), response.headers(), parsed(refusal.toString()));
      }
    } catch (IOException e) {
      throw new IOException(
          "The control plane at " + connection.url() + " cannot be reached: " + reasonOf(e), e);
    }
  }

  /** The first message that says something. */
  static String reasonOf(Throwable fault) {
    for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
      if (cause.getMessage() != null) {
        return cause.getMessage();
      }
    }
    return fault instanceof ConnectException ? "nothing listens there" : fault.toString();
  }

  private static JsonNode parsed(String body) {
    try {
      return body.isBlank() ? JsonNodeFactory.instance.objectNode() : JSON.readTree(body);
    } catch (JsonProcessingException e) {
      return JsonNodeFactory.instance.objectNode().put("detail", body);
    }
  }

  /**
   * What came back.
   *
   * @param body empty if there was none
   */
  record Answer(int status, HttpHeaders headers, JsonNode body) {
    boolean succeeded() {
      return status / 100 == 2;
    }

    Optional<String> header(String name) {
      return headers.firstValue(name);
    }

    /** A refusal in words: what is wrong, and where. */
    String problem() {
      StringBuilder text = new StringBuilder();
      text.append(body.path("title").asText("The control plane answered " + status));
      String detail = body.path("detail").asText("");
      if (!detail.isEmpty()) {
        text.append(": ").append(detail);
      }
      for (JsonNode error : body.path("errors")) {
        String place =
            error
                .path("pointer")
                .asText(error.path("parameter").asText(error.path("header").asText("")));
        text.append(System.lineSeparator())
            .append("  ")
            .append(place.isEmpty() ? "" : place + " ")
            .append(error.path("detail").asText());
      }
      return text.toString();
    }
  }
}
