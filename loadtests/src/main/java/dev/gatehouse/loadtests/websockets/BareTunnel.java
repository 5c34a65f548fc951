package dev.gatehouse.loadtests.websockets;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;

/**
 * Passes bytes both ways and knows nothing of HTTP: what two sockets of Vert.x and Netty take by
 * themselves. A program of its own.
 */
public final class BareTunnel {
  private final NetClient client;
  private final int upstreamPort;

  private BareTunnel(NetClient client, int upstreamPort) {
    this.client = client;
    this.upstreamPort = upstreamPort;
  }

  /**
   * Runs until the process is told to stop.
   *
   * @param args port to listen on, port of the upstream
   */
  public static void main(String[] args) {
    Vertx vertx =
        Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
    BareTunnel tunnel = new BareTunnel(vertx.createNetClient(), Integer.parseInt(args[1]));
    vertx
        .createNetServer(new NetServerOptions().setAcceptBacklog(1024))
        .connectHandler(tunnel::join)
        .listen(Integer.parseInt(args[0]), "127.0.0.1")
        .await();
  }

  private void join(NetSocket socket) {
    socket.pause();
    client
        .connect(upstreamPort, "127.0.0.1")
        .onSuccess(upstream -> {
          socket.pipeTo(upstream);
          upstream.pipeTo(socket);
        })
        .onFailure(_ -> socket.close());
  }
}
