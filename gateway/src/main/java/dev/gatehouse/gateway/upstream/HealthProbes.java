package dev.gatehouse.gateway.upstream;

import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EdgeService.Protocol;
import dev.gatehouse.contract.edge.HealthCheck;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.TrustOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** The questions that tell whether an endpoint is healthy: one over HTTP, gRPC or TCP. */
final class HealthProbes {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  private final HttpClient http1;
  private final HttpClient http2;
  private final NetClient tcp;

  /**
   * @param trust the authorities of the endpoints' certificates; those of the JDK if empty
   */
  HealthProbes(Vertx vertx, Optional<TrustOptions> trust) {
    // A connection of its own for each question: whether there is one is part of the question.
    HttpClientOptions overHttp1 = new HttpClientOptions().setKeepAlive(false);
    HttpClientOptions overHttp2 =
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setUseAlpn(true)
            .setHttp2ClearTextUpgrade(false);
    trust.ifPresent(overHttp1::setTrustOptions);
    trust.ifPresent(overHttp2::setTrustOptions);
    this.http1 = vertx.createHttpClient(overHttp1);
    this.http2 = vertx.createHttpClient(overHttp2);
    this.tcp = vertx.createNetClient();
  }

  /** How a service's endpoints are asked where they speak TLS. */
  static EndpointTls tlsOf(EdgeService service, HealthCheck check, Optional<TrustOptions> trust) {
    return EndpointTls.of(
        service, trust, isOverHttp2(service, check), check.timeout().orElse(TIMEOUT));
  }

  private static boolean isOverHttp2(EdgeService service, HealthCheck check) {
    return check.type() == HealthCheck.Type.GRPC
        || service.protocol().filter(p -> p == Protocol.HTTP_2).isPresent();
  }

  /**
   * Asks once.
   *
   * @param tls what {@link #tlsOf} made for the service
   * @return what is wrong, in words; empty if nothing is. Failed if there was no answer
   */
  Future<Optional<String>> ask(
      EdgeService service, EndpointTls tls, HealthCheck check, Target target) {
    Duration timeout = check.timeout().orElse(TIMEOUT);
    return switch (check.type()) {
      case HTTP -> askHttp(service, tls, check, target, timeout);
      case GRPC -> askGrpc(tls, check, target, timeout);
      case TCP -> askTcp(target, timeout);
    };
  }

  Future<Void> close() {
    return Future.join(http1.close(), http2.close(), tcp.close()).mapEmpty();
  }

  private Future<Optional<String>> askHttp(
      EdgeService service, EndpointTls tls, HealthCheck check, Target target, Duration timeout) {
    RequestOptions options =
        optionsFor(target, tls, timeout).setMethod(HttpMethod.GET).setURI(check.path().orElse("/"));
    return exchange(
        isOverHttp2(service, check) ? http2 : http1,
        options,
        timeout,
        request ->
            request.send().compose(response -> response.end().map(_ -> verdict(response, check))));
  }

  private static Optional<String> verdict(HttpClientResponse response, HealthCheck check) {
    int status = response.statusCode();
    boolean good =
        check.expectedStatus().isPresent()
            ? status == check.expectedStatus().getAsInt()
            : status >= 200 && status <= 299;
    if (good) {
      return Optional.empty();
    }
    String expected =
        check.expectedStatus().isPresent()
            ? String.valueOf(check.expectedStatus().getAsInt())
            : "200 to 299";
    return Optional.of("answered " + status + ", expected " + expected);
  }

  private Future<Optional<String>> askGrpc(
      EndpointTls tls, HealthCheck check, Target target, Duration timeout) {
    RequestOptions options =
        optionsFor(target, tls, timeout)
            .setMethod(HttpMethod.POST)
            .setURI(GrpcHealth.PATH)
            .putHeader("content-type", "application/grpc")
            .putHeader("te", "trailers");
    Buffer question = GrpcHealth.question(check.grpcService().orElse(""));
    return exchange(
        http2,
        options,
        timeout,
        request ->
            request
                .send(question)
                .compose(
                    response -> response.body().map(body -> GrpcHealth.verdict(response, body))));
  }

  private static RequestOptions optionsFor(Target target, EndpointTls tls, Duration timeout) {
    RequestOptions options =
        new RequestOptions().setServer(target.address()).setConnectTimeout(timeout.toMillis());
    tls.apply(options, target.endpoint());
    return options;
  }

  private static Future<Optional<String>> exchange(
      HttpClient client,
      RequestOptions options,
      Duration timeout,
      Function<HttpClientRequest, Future<Optional<String>>> conversation) {
    long end = System.nanoTime() + timeout.toNanos();
    return client
        .request(options)
        .compose(request ->
            orTimedOut(
                    timeout,
                    conversation
                        .apply(request)
                        .timeout(Math.max(1, millisUntil(end)), TimeUnit.MILLISECONDS))
                .onFailure(_ -> request.reset()));
  }

  private Future<Optional<String>> askTcp(Target target, Duration timeout) {
    Future<NetSocket> connection = tcp.connect(target.address()).onSuccess(NetSocket::close);
    return orTimedOut(
        timeout,
        connection.timeout(timeout.toMillis(), TimeUnit.MILLISECONDS).map(_ -> Optional.empty()));
  }

  private static Future<Optional<String>> orTimedOut(
      Duration timeout, Future<Optional<String>> answer) {
    return answer.recover(failure ->
        failure instanceof TimeoutException
            ? Future.succeededFuture(Optional.of("no answer within " + timeout.toMillis() + " ms"))
            : Future.failedFuture(failure));
  }

  private static long millisUntil(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos - System.nanoTime());
  }
}
