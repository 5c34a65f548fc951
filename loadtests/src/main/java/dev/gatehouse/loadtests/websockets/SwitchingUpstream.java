package dev.gatehouse.loadtests.websockets;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;

/** Agrees to every WebSocket and then is silent. A program of its own. */
public final class SwitchingUpstream {
  private static final Buffer AGREED =
      Buffer.buffer(
          "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");

  private SwitchingUpstream() {}

  /**
   * Runs until the process is told to stop.
   *
   * @param args the port to listen on
   */
  public static void main(String[] args) {
    Vertx.vertx(new VertxOptions().setPreferNativeTransport(true))
        .createNetServer(new NetServerOptions().setAcceptBacklog(1024))
        .connectHandler(SwitchingUpstream::agree)
        .listen(Integer.parseInt(args[0]), "127.0.0.1")
        .await();
  }

  /** The handshake comes in one piece: it is short, and nothing is sent after it. */
  private static void agree(NetSocket socket) {
    socket.handler(_ -> socket.write(AGREED));
  }
}
