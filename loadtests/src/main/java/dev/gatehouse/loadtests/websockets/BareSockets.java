package dev.gatehouse.loadtests.websockets;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;

/**
 * Passes bytes both ways between two sockets of Vert.x and knows nothing of HTTP: what Vert.x and
 * Netty take by themselves. A program of its own.
 */
public final class BareSockets {
  private final NetClient client;
  private final int upstreamPort;

  private BareSockets(NetClient client, int upstreamPort) {
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
        Vertx.builder()
            .with(new VertxOptions().setEventLoopPoolSize(1))
            .withTransport(BestTransport.find())
            .build();
    BareSockets sockets = new BareSockets(vertx.createNetClient(), Integer.parseInt(args[1]));
    vertx
        .createNetServer(new NetServerOptions().setAcceptBacklog(1024))
        .connectHandler(sockets::join)
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
