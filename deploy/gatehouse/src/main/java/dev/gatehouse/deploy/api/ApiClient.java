package dev.gatehouse.deploy.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Sends requests to the control plane. Blocks. */
final class ApiClient {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration TIMEOUT = Duration.ofSeconds(90);

  /** The control plane gives a body no more time than this. */
  private static final Duration UPLOAD = Duration.ofHours(1);

  /** Bytes that are sent before anybody could look. */
  private static final long WORTH_SHOWING = 1 << 20;

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
    return answered(
        request(path, headers)
            .timeout(TIMEOUT)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
  }

  /**
   * Sends a file as it is read. What the control plane would refuse without it is refused before.
   *
   * @throws IOException if there is no answer
   */
  Answer upload(
      String method,
      String path,
      Map<String, String> headers,
      Upload upload,
      ProgressDisplay display)
      throws IOException, InterruptedException {
    BodyPublisher body =
        upload.publisher(sent -> {
          if (sent >= WORTH_SHOWING) {
            display.show(Progress.ofBytes("sent", sent, upload.bytes()));
          }
        });
    try {
      return answered(
          request(path, headers)
              .timeout(UPLOAD)
              .version(HttpClient.Version.HTTP_1_1)
              .expectContinue(true)
              .header("Content-Type", upload.mediaType())
              .method(method, body));
    } finally {
      display.end();
    }
  }

  private Answer answered(HttpRequest.Builder request) throws IOException, InterruptedException {
    try {
      HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.headers(), parsed(response.body()));
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  /**
   * Asks for what may be long and passes it on as it comes.
   *
   * @return without a body, unless it is a refusal
   * @throws IOException if there is no answer, or it breaks off
   */
  Answer export(String path, ExportTarget target) throws IOException, InterruptedException {
    HttpResponse<InputStream> response = exported(path);
    try (InputStream body = response.body()) {
      boolean refused = response.statusCode() / 100 != 2;
      String refusal = "";
      if (refused) {
        refusal = new String(body.readAllBytes(), UTF_8);
      } else {
        take(body, target);
      }
      return new Answer(response.statusCode(), response.headers(), parsed(refusal));
    }
  }

  private static void take(InputStream body, ExportTarget target) throws IOException {
    try {
      target.take(body);
    } catch (FileSystemException wrong) {
      throw wrong;
    } catch (IOException e) {
      throw new IOException("The export broke off: " + reasonOf(e), e);
    }
  }

  private HttpResponse<InputStream> exported(String path) throws IOException, InterruptedException {
    try {
      return http.send(
          request(path, Map.of()).timeout(TIMEOUT).build(), BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private HttpRequest.Builder request(String path, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(connection.url().resolve(path))
            .header("Authorization", "Bearer " + connection.token());
    headers.forEach(request::header);
    return request;
  }

  private IOException unreachable(IOException e) {
    return new IOException(
        "The control plane at " + connection.url() + " cannot be reached: " + reasonOf(e), e);
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
      boolean saidBelow =
          body.path("errors")
              .valueStream()
              .anyMatch(error -> detail.endsWith(error.path("detail").asText()));
      if (!detail.isEmpty() && !saidBelow) {
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
