package dev.gatehouse.gateway.forward;

import dev.gatehouse.gateway.Exchange;
import dev.gatehouse.gateway.Exchange.Stage;
import dev.gatehouse.gateway.admit.ForwardableHeaders;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.rejection.Rejections;
import dev.gatehouse.gateway.sign.Signed;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.NetSocket;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket on its way (RFC 6455 section 4): the upgrade is a request like any other, with the
 * same headers stripped and signed; once the upstream has agreed, bytes pass both ways with
 * back-pressure until either side ends. Until then, no byte of the client's after the request is
 * passed on.
 */
final class UpgradeTunnel {
  private final Signed signed;
  private final Exchange exchange;
  private final HttpServerRequest request;
  private final Rejections rejections;

  UpgradeTunnel(Signed signed, Rejections rejections) {
    this.signed = signed;
    this.exchange = signed.exchange();
    this.request = exchange.request();
    this.rejections = rejections;
  }

  /**
   * Whether the request asks for a WebSocket, the one upgrade that is passed on. One with a body is
   * a request like any other: its body has no place in the handshake.
   */
  static boolean isWanted(Signed signed) {
    HttpServerRequest request = signed.exchange().request();
    String upgrade = signed.exchange().headers().upgrade();
    return upgrade != null
        && upgrade.equalsIgnoreCase("websocket")
        && request.version() == HttpVersion.HTTP_1_1
        && request.method().equals(HttpMethod.GET)
        && !signed.sanitized().mayHaveBody()
        && namesUpgrade(signed.exchange().headers().connection());
  }

  private static boolean namesUpgrade(@Nullable String connection) {
    return connection != null && connection.toLowerCase(Locale.ROOT).contains("upgrade");
  }

  void open(Future<HttpClientRequest> connection) {
    request.pause();
    connection.onComplete(this::connected);
  }

  private void connected(HttpClientRequest sending, @Nullable Throwable failure) {
    if (failure != null) {
      rejections.answer(exchange, UpstreamFaults.whileConnecting(failure));
      return;
    }
    request.response().closeHandler(_ -> sending.reset());
    sending.exceptionHandler(_ -> {});
    UpstreamHeaders.write(signed, sending);
    sending.headers().set(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE);
    sending.headers().set(HttpHeaders.UPGRADE, "websocket");
    sending.connect().onComplete(this::answered);
  }

  private void answered(HttpClientResponse answer, @Nullable Throwable failure) {
    if (failure != null) {
      rejections.answer(exchange, UpstreamFaults.whileWaiting(failure));
      return;
    }
    exchange.ended(Stage.FORWARD);
    if (answer.statusCode() == 101) {
      join(answer);
    } else {
      passOnRefusal(answer);
    }
  }

  private void join(HttpClientResponse answer) {
    HttpServerResponse response = request.response();
    NetSocket upstream = answer.netSocket();
    upstream.pause();
    response.closeHandler(null);
    response.setStatusCode(101);
    ForwardableHeaders.copyToClient(answer.headers(), response.headers());
    response.headers().set(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE);
    response.headers().set(HttpHeaders.UPGRADE, "websocket");
    request
        .toNetSocket()
        .onSuccess(client -> {
          // pipeTo ends the other side when this one ends, and waits where it is slow.
          client.pipeTo(upstream).onComplete(_ -> upstream.close());
          upstream.pipeTo(client).onComplete(_ -> client.close());
        })
        .onFailure(_ -> upstream.close());
  }

  /**
   * The upstream wants no WebSocket: its answer is passed on, and the connection closed after it.
   */
  private void passOnRefusal(HttpClientResponse answer) {
    if (!UpstreamFaults.isFinalStatus(answer.statusCode())) {
      answer.request().reset();
      rejections.answer(exchange, new Rejection.UpstreamFailed("http_protocol_error"));
      return;
    }
    HttpServerResponse response = request.response();
    response.setStatusCode(answer.statusCode());
    ForwardableHeaders.copyToClient(answer.headers(), response.headers());
    response.headers().set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    if (!response.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
      response.setChunked(true);
    }
    answer.pipeTo(response).onComplete(_ -> request.connection().close());
  }
}
