package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.FeedCodec;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient.Response;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses of a service that allows the gateway to compress them. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CompressionTest {
  private static final String TEXT = "All work and no play. ".repeat(100_000);

  private final Vertx vertx = Vertx.vertx();
  private Platform platform;
  private TestTenant tenant;
  private HttpServer service;

  @BeforeAll
  void start() throws Exception {
    platform = new Platform();
    tenant = platform.tenant();
    service = vertx.createHttpServer().requestHandler(this::serve).listen(0, "127.0.0.1").await();
    platform.feed.awaitApplied(
        platform.feed.put(
            FeedCodec.decodeObject(
                EdgeObject.Kind.SERVICE,
                """
                {"name": "app", "compression": true,
                 "endpoints": [{"host": "127.0.0.1", "port": %d, "tls": false}]}
                """
                    .formatted(service.actualPort()))));
  }

  @AfterAll
  void stop() {
    platform.close();
    vertx.close().await();
  }

  private void serve(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    response.putHeader("Content-Type", "text/plain; charset=utf-8").putHeader("ETag", "\"1\"");
    switch (String.valueOf(request.path())) {
      case "/short" -> response.end("short");
      case "/image" -> response.putHeader("Content-Type", "image/png").end(TEXT);
      case "/events" -> response.putHeader("Content-Type", "text/event-stream").end(TEXT);
      case "/encoded" -> response.putHeader("Content-Encoding", "br").end(TEXT);
      case "/fixed" -> response.putHeader("Cache-Control", "public, No-Transform").end(TEXT);
      case "/range" ->
          response.setStatusCode(206).putHeader("Content-Range", "bytes 0-9999/*").end(TEXT);
      case "/stream" -> {
        response.setChunked(true).write("first ");
        response.write("second ");
        vertx.setTimer(20, _ -> response.end("third"));
      }
      case "/echo" -> request.body().onSuccess(response::end);
      default -> response.end(TEXT);
    }
  }

  private Response send(String method, String path, String accepted) throws IOException {
    try (RawClient client = new RawClient(platform.gateway.httpPort())) {
      client.write(
          "%s %s HTTP/1.1\r\nHost: %s\r\nX-API-Key: %s\r\nAccept-Encoding: %s\r\n\r\n"
              .formatted(method, path, tenant.host(), tenant.key().reveal(), accepted));
      return method.equals("HEAD") ? client.readHead() : client.read();
    }
  }

  private static String unzipped(Response response) throws IOException {
    byte[] bytes = response.body().getBytes(StandardCharsets.ISO_8859_1);
    return new String(
        new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes(),
        StandardCharsets.UTF_8);
  }

  @Test
  void compressesWhatTheClientTakes() throws Exception {
    Response response = send("GET", "/", "br, gzip;q=0.5");

    assertThat(response.header("Content-Encoding")).isEqualTo("gzip");
    assertThat(response.header("Content-Length")).isEmpty();
    assertThat(response.header("ETag")).isEqualTo("W/\"1\"");
    assertThat(response.header("Vary")).isEqualTo("Accept-Encoding");
    assertThat(response.body().length()).isLessThan(TEXT.length() / 50);
    assertThat(unzipped(response)).isEqualTo(TEXT);
  }

  @Test
  void compressesAStreamOfUnknownLength() throws Exception {
    assertThat(unzipped(send("GET", "/stream", "gzip"))).isEqualTo("first second third");
  }

  @Test
  void saysThatTheResponseDependsOnTheClientToThoseWhoTakeNone() throws Exception {
    Response response = send("GET", "/", "gzip;q=0");

    assertThat(response.header("Content-Encoding")).isEmpty();
    assertThat(response.header("Vary")).isEqualTo("Accept-Encoding");
    assertThat(response.header("ETag")).isEqualTo("\"1\"");
    assertThat(response.body()).isEqualTo(TEXT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/short", "/image", "/events", "/fixed", "/range"})
  void leavesOtherResponsesAsTheyAre(String path) throws Exception {
    Response response = send("GET", path, "gzip");

    assertThat(response.header("Content-Encoding")).isEmpty();
    assertThat(response.header("ETag")).isEqualTo("\"1\"");
    assertThat(response.header("Content-Length")).isNotEmpty();
  }

  @Test
  void leavesAloneWhatTheServiceCompressed() throws Exception {
    Response response = send("GET", "/encoded", "gzip");

    assertThat(response.header("Content-Encoding")).isEqualTo("br");
    assertThat(response.body()).isEqualTo(TEXT);
  }

  @Test
  void leavesHeadAlone() throws Exception {
    assertThat(send("HEAD", "/", "gzip").header("Content-Encoding")).isEmpty();
  }

  @Test
  void doesNotTouchRequestBodies() throws Exception {
    Buffer zipped = Buffer.buffer(new byte[] {0x1f, (byte) 0x8b, 1, 2, 3});
    try (RawClient client = new RawClient(platform.gateway.httpPort())) {
      client.write(
          "POST /echo HTTP/1.1\r\nHost: %s\r\nX-API-Key: %s\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\n%s"
              .formatted(tenant.host(), tenant.key().reveal(), zipped.toString("ISO-8859-1")));

      assertThat(client.read().body()).isEqualTo(zipped.toString("ISO-8859-1"));
    }
  }
}
