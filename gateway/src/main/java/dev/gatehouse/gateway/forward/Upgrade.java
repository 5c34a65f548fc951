package dev.gatehouse.gateway.forward;

import dev.gatehouse.gateway.limit.Slots;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.sign.Signed;
import dev.gatehouse.gateway.upstream.Outcome;
import dev.gatehouse.gateway.upstream.Target;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.Http1xClientConnection;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What sets a request for a WebSocket apart from others (RFC 6455 section 4): it needs a place, its
 * client is to be silent until it has an answer, and where the upstream agrees, its two connections
 * become a {@link Tunnel}.
 */
final class Upgrade {
  private static final String WEBSOCKET = "websocket";
  private static final int SWITCHING_PROTOCOLS = 101;

  private final Forwarder forwarder;
  private final Signed signed;
  private final HttpServerRequest request;
  private final Slots slots;
  private boolean holdsPlace;

  Upgrade(Forwarder forwarder, Signed signed) {
    this.forwarder = forwarder;
    this.signed = signed;
    this.request = signed.exchange().request();
    this.slots = signed.tenant().limiter().webSockets();
  }

  /**
   * Whether the request asks for a WebSocket, the one upgrade that is passed on. One with a body is
   * a request like any other: its body has no place in the handshake.
   */
  static boolean isWanted(Signed signed) {
    String upgrade = signed.exchange().headers().upgrade();
    return upgrade != null
        && upgrade.equalsIgnoreCase(WEBSOCKET)
        && signed.exchange().version() == HttpVersion.HTTP_1_1
        && signed.exchange().method().equals(HttpMethod.GET)
        && !signed.sanitized().mayHaveBody()
        && namesUpgrade(signed.exchange().headers().connection());
  }

  private static boolean namesUpgrade(@Nullable String connection) {
    return connection != null && connection.toLowerCase(Locale.ROOT).contains("upgrade");
  }

  /** Whether an upstream agrees. */
  static boolean isAgreedTo(HttpClientResponse answer) {
    return answer.statusCode() == SWITCHING_PROTOCOLS;
  }

  /** Asks an upstream for it; the request has all its other headers. */
  static void send(HttpClientRequest sending) {
    sending.headers().set(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE);
    sending.headers().set(HttpHeaders.UPGRADE, WEBSOCKET);
    sending.connect();
  }

  /**
   * Takes a place for it.
   *
   * @throws Rejection if the gateway, or the tenant, has as many as may be
   */
  void begin() {
    if (!forwarder.tunnelSlots().tryTake()) {
      throw Rejection.Overloaded.TOO_MANY_WEB_SOCKETS;
    }
    if (!slots.tryTake()) {
      forwarder.tunnelSlots().giveBack();
      throw Rejection.TooManyConcurrentRequests.webSockets(slots.most());
    }
    holdsPlace = true;
    Channel client = ((ConnectionBase) request.connection()).channel();
    client.pipeline().addBefore("handler", SilenceGuard.NAME, SilenceGuard.INSTANCE);
  }

  /**
   * The upstream agrees: from here on it is a tunnel, and no request. Called while the upstream's
   * answer is read, so that no byte after it gets lost.
   *
   * @param target where the attempt lasts as long as the tunnel
   */
  void open(HttpClientResponse answer, Target target) {
    holdsPlace = false;
    writeHead(answer);
    NetSocketInternal upstream =
        ((Http1xClientConnection) answer.request().connection()).toNetSocket();
    Runnable closed = closed(forwarder, slots, target);
    request
        .toNetSocket()
        .onSuccess(client ->
            new Tunnel(
                    signed,
                    channelOf(client),
                    channelOf(upstream),
                    forwarder.tunnels(),
                    forwarder.webSockets(),
                    forwarder.meters(),
                    forwarder.usage(),
                    closed)
                .open(forwarder.webSocketIdle()))
        .onFailure(_ -> {
          upstream.close();
          request.connection().close();
          closed.run();
        });
  }

  private void writeHead(HttpClientResponse answer) {
    HttpServerResponse response = request.response();
    response.setStatusCode(SWITCHING_PROTOCOLS);
    UpstreamHeaders.copyToClient(signed, answer.headers(), response.headers());
    response.headers().set(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE);
    response.headers().set(HttpHeaders.UPGRADE, WEBSOCKET);
  }

  private static Channel channelOf(NetSocket socket) {
    return ((NetSocketInternal) socket).channelHandlerContext().channel();
  }

  /** An open one keeps these, and nothing of the request that it was. */
  private static Runnable closed(Forwarder forwarder, Slots slots, Target target) {
    return () -> {
      slots.giveBack();
      target.ended(Outcome.SUCCESS);
      forwarder.tunnelClosed();
    };
  }

  /** It does not become a tunnel; does nothing if it did. */
  void giveUp() {
    if (!holdsPlace) {
      return;
    }
    holdsPlace = false;
    slots.giveBack();
    forwarder.tunnelSlots().giveBack();
    ChannelPipeline client = ((ConnectionBase) request.connection()).channel().pipeline();
    if (client.get(SilenceGuard.NAME) != null) {
      client.remove(SilenceGuard.NAME);
    }
  }
}
