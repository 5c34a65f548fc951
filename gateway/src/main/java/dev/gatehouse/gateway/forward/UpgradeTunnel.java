package dev.gatehouse.gateway.forward;

import dev.gatehouse.gateway.Exchange;
import dev.gatehouse.gateway.Exchange.Stage;
import dev.gatehouse.gateway.admit.ForwardableHeaders;
import dev.gatehouse.gateway.limit.Slots;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.rejection.Rejections;
import dev.gatehouse.gateway.sign.Signed;
import dev.gatehouse.gateway.upstream.Outcome;
import dev.gatehouse.gateway.upstream.Target;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket on its way (RFC 6455 section 4): the upgrade is a request like any other, with the
 * same headers stripped and signed; once the upstream has agreed, bytes pass both ways with
 * back-pressure until either side ends (see {@link Tunnel}). Until then, no byte of the client's
 * after the request is passed on, and it is a request in flight with a deadline.
 */
final class UpgradeTunnel extends SignedEntry {
  private final Exchange exchange;
  private final HttpServerRequest request;
  private final InFlight inFlight;
  private final InFlight tunnels;
  private final Rejections rejections;
  private final Duration idle;
  private final Slots slots;
  private final Target target;
  private @Nullable HttpClientRequest upstream;
  private boolean done;

  /**
   * @param inFlight where it stays until the upstream has answered
   * @param tunnels where an open one stays
   * @param idle how long no byte may pass before it is closed
   * @param slots one of these was taken for it
   * @param target where it goes
   */
  UpgradeTunnel(
      Signed signed,
      InFlight inFlight,
      InFlight tunnels,
      Rejections rejections,
      Duration idle,
      Slots slots,
      Target target) {
    super(signed);
    this.inFlight = inFlight;
    this.tunnels = tunnels;
    this.idle = idle;
    this.slots = slots;
    this.target = target;
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

  /**
   * Sends the handshake once there is a connection.
   *
   * @param deadlineNanos by when the upstream must have answered, on the clock of nanoTime
   */
  void open(Future<HttpClientRequest> connection, long deadlineNanos) {
    inFlight.add(this);
    deadline(deadlineNanos);
    request.pause();
    request.response().closeHandler(_ -> abandon());
    connection.onComplete(this::connected);
  }

  private void connected(HttpClientRequest sending, @Nullable Throwable failure) {
    if (failure != null) {
      refuse(UpstreamFaults.whileConnecting(failure), Outcome.FAILED_CONNECT);
      return;
    }
    sending.exceptionHandler(_ -> {});
    if (done) {
      sending.reset();
      return;
    }
    upstream = sending;
    UpstreamHeaders.write(signed, sending);
    sending.headers().set(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE);
    sending.headers().set(HttpHeaders.UPGRADE, "websocket");
    sending.connect().onComplete(this::answered);
  }

  private void answered(HttpClientResponse answer, @Nullable Throwable failure) {
    if (failure != null) {
      refuse(UpstreamFaults.whileWaiting(failure), Outcome.FAILED);
    } else if (done) {
      answer.request().reset();
    } else if (answer.statusCode() == 101) {
      exchange.ended(Stage.FORWARD);
      join(answer);
    } else {
      passOnRefusal(answer);
    }
  }

  private void join(HttpClientResponse answer) {
    leave();
    HttpServerResponse response = request.response();
    NetSocket server = answer.netSocket();
    server.pause();
    response.closeHandler(null);
    response.setStatusCode(101);
    ForwardableHeaders.copyToClient(answer.headers(), response.headers());
    response.headers().set(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE);
    response.headers().set(HttpHeaders.UPGRADE, "websocket");
    Runnable closed = release(slots, target, Outcome.SUCCESS);
    request
        .toNetSocket()
        .map(client -> {
          Tunnel tunnel = new Tunnel(this, client.pause(), server, tunnels, idle, closed);
          tunnel.open();
          return tunnel;
        })
        .onFailure(_ -> {
          server.close();
          request.connection().close();
          closed.run();
        });
  }

  /**
   * The upstream wants no WebSocket: its answer is passed on, and the connection closed after it.
   */
  private void passOnRefusal(HttpClientResponse answer) {
    if (!UpstreamFaults.isFinalStatus(answer.statusCode())) {
      refuse(new Rejection.UpstreamFailed("http_protocol_error"), Outcome.FAILED);
      return;
    }
    exchange.ended(Stage.FORWARD);
    deadline(NO_DEADLINE);
    HttpServerResponse response = request.response();
    response.setStatusCode(answer.statusCode());
    ForwardableHeaders.copyToClient(answer.headers(), response.headers());
    response.headers().set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    if (!response.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
      response.setChunked(true);
    }
    answer
        .pipeTo(response)
        .onComplete(_ -> {
          request.connection().close();
          if (leave()) {
            ended(Outcome.SUCCESS);
          }
        });
  }

  private void refuse(Rejection rejection, Outcome outcome) {
    if (leave()) {
      abortUpstream();
      ended(outcome);
      if (request.response().headWritten()) {
        request.connection().close();
      } else {
        rejections.answer(exchange, rejection);
      }
    }
  }

  /** The client is gone. */
  private void abandon() {
    if (leave()) {
      abortUpstream();
      ended(Outcome.ABANDONED);
    }
  }

  @Override
  void deadlinePassed() {
    refuse(new Rejection.UpstreamTimedOut("http_response_timeout"), Outcome.FAILED);
  }

  @Override
  void leave(Consumer<HttpServerRequest> tell) {
    tell.accept(request);
  }

  @Override
  void revoke(Rejection why) {
    refuse(why, Outcome.ABANDONED);
  }

  private void ended(Outcome outcome) {
    release(slots, target, outcome).run();
  }

  /** An open one keeps these two, and nothing of the request that it was. */
  private static Runnable release(Slots slots, Target target, Outcome outcome) {
    return () -> {
      slots.giveBack();
      target.ended(outcome);
    };
  }

  private void abortUpstream() {
    if (upstream != null) {
      upstream.reset();
    }
  }

  private boolean leave() {
    if (done) {
      return false;
    }
    done = true;
    inFlight.remove(this);
    return true;
  }
}
