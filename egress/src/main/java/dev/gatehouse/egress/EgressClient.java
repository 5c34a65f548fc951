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
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Fetches small texts by HTTP from an address that was checked before. Follows no redirect, reads
 * no more than it is asked to, and gives up at a deadline. In the clear it fetches only where
 * whoever asks allows that.
 */
public final class EgressClient {
  private static final int MAX_CONNECTIONS_PER_ADDRESS = 4;
  private static final int MAX_WAITING = 100;
  private static final int KEEP_ALIVE_SECONDS = 15;

  private final HttpClient http;
  private final EgressPolicy policy;
  private final String userAgent;
  private final Duration deadline;
  private final boolean keepAlive;

  private EgressClient(
      Vertx vertx,
      EgressPolicy policy,
      String userAgent,
      Duration deadline,
      boolean keepAlive,
      int connectionsPerAddress) {
    this.policy = policy;
    this.userAgent = userAgent;
    this.deadline = deadline;
    this.keepAlive = keepAlive;
    this.http =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout((int) deadline.toMillis())
                .setIdleTimeout((int) deadline.toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setKeepAlive(keepAlive)
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setMaxHeaderSize(8 << 10),
            new PoolOptions()
                .setHttp1MaxSize(connectionsPerAddress)
                .setMaxWaitQueueSize(MAX_WAITING));
  }

  /**
   * Makes one that keeps no connection, for what is fetched now and then.
   *
   * @param userAgent what it says that it is
   * @param deadline how long one fetch may take, from the connection to the last byte
   */
  public static EgressClient forSingleFetches(
      Vertx vertx, EgressPolicy policy, String userAgent, Duration deadline) {
    return new EgressClient(vertx, policy, userAgent, deadline, false, MAX_CONNECTIONS_PER_ADDRESS);
  }

  /**
   * Makes one that keeps connections for the next call, for what is called again and again.
   *
   * @param deadline how long one call may take at most
   * @param connectionsPerAddress how many there may be to one host at one address
   */
  public static EgressClient forManyCalls(
      Vertx vertx,
      EgressPolicy policy,
      String userAgent,
      Duration deadline,
      int connectionsPerAddress) {
    return new EgressClient(vertx, policy, userAgent, deadline, true, connectionsPerAddress);
  }

  /**
   * What is asked for.
   *
   * @param url {@code https}, verified by the certificates that the JDK trusts, or {@code http}
   * @param headers besides those that frame the request
   * @param body empty for none
   * @param maxBytes of the answer's body that are read; the rest is not waited for
   * @param deadline how long it may take, where that is less than the client allows
   * @param authorities certificates as PEM, by which the server's own must be signed, in place of
   *     those that the JDK trusts
   */
  public record Call(
      HttpMethod method,
      URI url,
      MultiMap headers,
      Buffer body,
      int maxBytes,
      Duration deadline,
      Optional<String> authorities) {
    /** Of a server whose certificate the JDK trusts. */
    public Call(
        HttpMethod method,
        URI url,
        MultiMap headers,
        Buffer body,
        int maxBytes,
        Duration deadline) {
      this(method, url, headers, body, maxBytes, deadline, Optional.empty());
    }
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
   * @return fails as {@link #call} does
   */
  public Future<Fetched> get(InetAddress address, URI url, int maxBytes) {
    return call(
        address,
        new Call(
            HttpMethod.GET,
            url,
            MultiMap.caseInsensitiveMultiMap(),
            Buffer.buffer(),
            maxBytes,
            deadline));
  }

  /**
   * Calls a URL at one of its host's addresses.
   *
   * @return fails with an {@link EgressException} if the policy does not allow the address, or
   *     nothing came back in time
   */
  public Future<Fetched> call(InetAddress address, Call call) {
    if (!policy.allows(address)) {
      return Future.failedFuture(
          new EgressException(
              address.getHostAddress() + " is not an address of the public Internet"));
    }
    long millis = Math.min(deadline.toMillis(), call.deadline().toMillis());
    return http.request(requestFor(address, call, millis))
        .compose(sent -> send(sent, call, millis))
        .timeout(millis, TimeUnit.MILLISECONDS)
        .recover(failure ->
            Future.failedFuture(
                new EgressException(
                    call.url() + " cannot be fetched from " + address.getHostAddress(), failure)));
  }

  private static RequestOptions requestFor(InetAddress address, Call call, long millis) {
    URI url = call.url();
    boolean tls = "https".equals(url.getScheme());
    int port = url.getPort() >= 0 ? url.getPort() : tls ? 443 : 80;
    String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    RequestOptions options = new RequestOptions();
    call.authorities().ifPresent(pem -> options.setSslOptions(trusting(pem)));
    return options
        .setMethod(call.method())
        .setServer(SocketAddress.inetSocketAddress(port, address.getHostAddress()))
        .setHost(url.getHost())
        .setPort(port)
        .setSsl(tls)
        .setURI(url.getRawQuery() == null ? path : path + "?" + url.getRawQuery())
        .setFollowRedirects(false)
        .setTimeout(millis);
  }

  private static ClientSSLOptions trusting(String pem) {
    ClientSSLOptions options = new ClientSSLOptions().setHostnameVerificationAlgorithm("HTTPS");
    options.setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(pem)));
    return options;
  }

  private Future<Fetched> send(HttpClientRequest request, Call call, long millis) {
    request.headers().addAll(call.headers());
    request.putHeader("User-Agent", userAgent);
    if (!keepAlive) {
      request.putHeader("Connection", "close");
    }
    Future<HttpClientResponse> answered =
        call.body().length() == 0 ? request.send() : request.send(call.body());
    Future<Fetched> fetched =
        answered
            .compose(response -> read(response, call.maxBytes()))
            .timeout(millis, TimeUnit.MILLISECONDS);
    // After a whole response this does nothing; what is still to come ends with its connection.
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
