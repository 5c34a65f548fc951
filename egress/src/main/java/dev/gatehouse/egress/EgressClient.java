package dev.gatehouse.egress;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Fetches small texts by HTTP from an address that was checked before. Follows no redirect, keeps
 * no connection, reads no more than it is asked to, and gives up at a deadline. In the clear it
 * fetches only where whoever asks allows that.
 */
public final class EgressClient {
  private static final int MAX_CONNECTIONS_PER_ADDRESS = 4;
  private static final int MAX_WAITING = 100;

  private final HttpClient http;
  private final EgressPolicy policy;
  private final String userAgent;
  private final Duration deadline;

  /**
   * @param userAgent what it says that it is
   * @param deadline how long one fetch may take, from the connection to the last byte
   */
  public EgressClient(Vertx vertx, EgressPolicy policy, String userAgent, Duration deadline) {
    this.policy = policy;
    this.userAgent = userAgent;
    this.deadline = deadline;
    this.http =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout((int) deadline.toMillis())
                .setIdleTimeout((int) deadline.toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setKeepAlive(false)
                .setMaxHeaderSize(8 << 10),
            new PoolOptions()
                .setHttp1MaxSize(MAX_CONNECTIONS_PER_ADDRESS)
                .setMaxWaitQueueSize(MAX_WAITING));
  }

  /**
   * What came back.
   *
   * @param status the status code
   * @param headers of the response
   * @param body its beginning, at most as much as was asked for
   */
  public record Fetched(int status, MultiMap headers, String body) {}

  /**
   * Fetches a URL from one of its host's addresses.
   *
   * @param url {@code https}, verified by the certificates that the JDK trusts, or {@code http}
   * @param maxBytes of the body that are read; the rest is not waited for
   * @return fails with an {@link EgressException} if the policy does not allow the address, or
   *     nothing came back in time
   */
  public Future<Fetched> get(InetAddress address, URI url, int maxBytes) {
    if (!policy.allows(address)) {
      return Future.failedFuture(
          new EgressException(
              address.getHostAddress() + " is not an address of the public Internet"));
    }
    return http.request(requestFor(address, url))
        .compose(sent -> fetch(sent, maxBytes))
        .timeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
        .recover(_ ->
            Future.failedFuture(
                new EgressException(url + " cannot be fetched from " + address.getHostAddress())));
  }

  private RequestOptions requestFor(InetAddress address, URI url) {
    boolean tls = "https".equals(url.getScheme());
    int port = url.getPort() >= 0 ? url.getPort() : tls ? 443 : 80;
    String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    return new RequestOptions()
        .setMethod(HttpMethod.GET)
        .setServer(SocketAddress.inetSocketAddress(port, address.getHostAddress()))
        .setHost(url.getHost())
        .setPort(port)
        .setSsl(tls)
        .setURI(url.getRawQuery() == null ? path : path + "?" + url.getRawQuery())
        .setFollowRedirects(false)
        .setTimeout(deadline.toMillis());
  }

  private Future<Fetched> fetch(HttpClientRequest request, int maxBytes) {
    Future<Fetched> fetched =
        request
            .putHeader("User-Agent", userAgent)
            .putHeader("Connection", "close")
            .send()
            .compose(response -> read(response, maxBytes))
            .timeout(deadline.toMillis(), TimeUnit.MILLISECONDS);
    return fetched.onComplete(_ -> request.reset());
  }

  private static Future<Fetched> read(HttpClientResponse response, int maxBytes) {
    Promise<Fetched> read = Promise.promise();
    Buffer body = Buffer.buffer();
    response.handler(chunk -> {
      body.appendBuffer(chunk, 0, Math.min(chunk.length(), maxBytes - body.length()));
      if (body.length() == maxBytes) {
        read.tryComplete(fetched(response, body));
      }
    });
    response.exceptionHandler(read::tryFail);
    response.endHandler(_ -> read.tryComplete(fetched(response, body)));
    return read.future();
  }

  private static Fetched fetched(HttpClientResponse response, Buffer body) {
    return new Fetched(
        response.statusCode(), response.headers(), body.toString(StandardCharsets.UTF_8));
  }
}
