package dev.gatehouse.controlplane.egress;

import io.vertx.core.Future;
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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Fetches small texts by HTTP from an address that was checked before. Follows no redirect, keeps
 * no connection, reads no more than it is asked to, and gives up at a deadline.
 */
public final class EgressClient {
  private static final int MAX_CONNECTIONS_PER_ADDRESS = 4;
  private static final int MAX_WAITING = 100;

  private final HttpClient http;
  private final EgressPolicy policy;
  private final Duration deadline;

  /**
   * @param deadline how long one fetch may take, from the connection to the last byte
   */
  public EgressClient(Vertx vertx, EgressPolicy policy, Duration deadline) {
    this.policy = policy;
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
   * @param body its beginning, at most as much as was asked for
   */
  public record Fetched(int status, String body) {}

  /**
   * Fetches {@code http://host:port/path} from one of the host's addresses. Waits: call it on a
   * virtual thread.
   *
   * @param maxBytes of the body that are read; the rest is not waited for
   * @throws EgressException if the policy does not allow the address, or nothing came back in time
   */
  public Fetched get(InetAddress address, int port, String host, String path, int maxBytes)
      throws EgressException {
    if (!policy.allows(address)) {
      throw new EgressException(
          address.getHostAddress() + " is not an address of the public Internet");
    }
    RequestOptions request =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setServer(SocketAddress.inetSocketAddress(port, address.getHostAddress()))
            .setHost(host)
            .setPort(port)
            .setURI(path)
            .setFollowRedirects(false)
            .setTimeout(deadline.toMillis());
    try {
      return http.request(request)
          .compose(sent -> fetch(sent, maxBytes))
          .timeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
          .await();
    } catch (Exception e) {
      // await() throws whatever failed, checked or not.
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      throw new EgressException(
          "http://" + host + path + " cannot be fetched from " + address.getHostAddress());
    }
  }

  private Future<Fetched> fetch(HttpClientRequest request, int maxBytes) {
    Future<Fetched> fetched =
        request
            .putHeader("User-Agent", "gatehouse-control-plane")
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
    return new Fetched(response.statusCode(), body.toString(StandardCharsets.UTF_8));
  }
}
