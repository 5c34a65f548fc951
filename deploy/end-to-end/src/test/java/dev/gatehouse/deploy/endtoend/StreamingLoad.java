package dev.gatehouse.deploy.endtoend;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** HTTP/2 requests one after the other, a long download after the other, and open WebSockets. */
final class StreamingLoad implements AutoCloseable {
  /** Between two requests, to leave the processor to what is tested. */
  static final long PAUSE_MILLIS = 10;

  private final Vertx vertx = Vertx.vertx();
  private final int port;
  private final String host;
  private final String apiKey;
  private final HttpClient http1;
  private final HttpClient http2;
  private final WebSocketClient webSockets = vertx.createWebSocketClient();
  private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger goAways = new AtomicInteger();
  private final AtomicInteger answers = new AtomicInteger();
  private final AtomicInteger downloads = new AtomicInteger();
  private final List<Short> closeCodes = new CopyOnWriteArrayList<>();
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private volatile boolean stopping;

  StreamingLoad(int port, String host, String apiKey) {
    this.port = port;
    this.host = host;
    this.apiKey = apiKey;
    // A response that has begun before the gateway leaves cannot say that its connection ends.
    this.http1 = vertx.createHttpClient(new HttpClientOptions().setKeepAlive(false));
    this.http2 =
        vertx
            .httpClientBuilder()
            .with(
                new HttpClientOptions()
                    .setProtocolVersion(HttpVersion.HTTP_2)
                    .setHttp2ClearTextUpgrade(false))
            .with(new PoolOptions().setHttp2MaxSize(1))
            .withConnectHandler(
                connection -> connection.shutdownHandler(_ -> goAways.incrementAndGet()))
            .build();
  }

  /** Opens that many WebSockets, which stay open until the gateway closes them. */
  void openWebSockets(int count) {
    for (int i = 0; i < count; i++) {
      WebSocketConnectOptions options = new WebSocketConnectOptions();
      options.setHost("127.0.0.1").setPort(port).setURI("/socket");
      options.addHeader("Host", host).addHeader("X-API-Key", apiKey);
      WebSocket socket = webSockets.connect(options).await();
      socket.closeHandler(_ -> closeCodes.add(socket.closeStatusCode()));
    }
  }

  /** Begins with HTTP/2 requests, that many at a time, and with downloads, one at a time. */
  void begin(int http2Requests) {
    for (int i = 0; i < http2Requests; i++) {
      clients.execute(() -> repeat(http2, "/", answers));
    }
    clients.execute(() -> repeat(http1, "/stream", downloads));
  }

  private void repeat(HttpClient client, String path, AtomicInteger done) {
    while (!stopping) {
      try {
        HttpClientResponse response =
            client.request(to(path)).compose(request -> request.send()).await();
        response.body().await();
        if (response.statusCode() == 200) {
          done.incrementAndGet();
        } else {
          failures.add(path + ": " + response.statusCode());
        }
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException | RuntimeException e) {
        failures.add(path + ": " + e);
        return;
      }
    }
  }

  private RequestOptions to(String path) {
    return new RequestOptions()
        .setServer(SocketAddress.inetSocketAddress(port, "127.0.0.1"))
        .setHost(host)
        .setPort(80)
        .setURI(path)
        .putHeader("X-API-Key", apiKey);
  }

  /** What went wrong. */
  List<String> failures() {
    return failures;
  }

  /** HTTP/2 responses so far. */
  int answers() {
    return answers.get();
  }

  /** Downloads so far that came whole. */
  int downloads() {
    return downloads.get();
  }

  /** HTTP/2 connections that were asked to end. */
  int goAways() {
    return goAways.get();
  }

  /** With what WebSockets were closed so far. */
  List<Short> closeCodes() {
    return closeCodes;
  }

  /** Lets what is under way end. */
  void end() {
    stopping = true;
    clients.close();
  }

  @Override
  public void close() {
    end();
    vertx.close().await();
  }
}
