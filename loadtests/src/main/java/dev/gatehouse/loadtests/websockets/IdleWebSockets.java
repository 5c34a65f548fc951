package dev.gatehouse.loadtests.websockets;

import dev.gatehouse.loadtests.tenants.SyntheticTenants;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Clients that open WebSockets and then are silent. */
final class IdleWebSockets implements AutoCloseable {
  private static final int AT_ONCE = 200;
  private static final String HANDSHAKE =
      "GET /socket HTTP/1.1\r\nHost: "
          + SyntheticTenants.host(0)
          + "\r\nX-API-Key: "
          + SyntheticTenants.apiKey(0).reveal()
          + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

  private final Vertx vertx = Vertx.vertx();
  private final NetClient client =
      vertx.createNetClient(new NetClientOptions().setConnectTimeout(30_000));
  private final List<NetSocket> sockets = new ArrayList<>();

  /**
   * Opens so many.
   *
   * @throws IOException if one of them is not agreed to
   */
  void open(int port, int count) throws IOException {
    for (int opened = 0; opened < count; opened += AT_ONCE) {
      List<Future<NetSocket>> opening = new ArrayList<>();
      for (int i = 0; i < Math.min(AT_ONCE, count - opened); i++) {
        opening.add(openOne(port));
      }
      for (Future<NetSocket> socket : opening) {
        sockets.add(await(socket));
      }
    }
  }

  private Future<NetSocket> openOne(int port) {
    return client
        .connect(port, "127.0.0.1")
        .compose(socket -> {
          Promise<NetSocket> agreed = Promise.promise();
          socket.handler(answer -> {
            if (answer.toString().startsWith("HTTP/1.1 101 ")) {
              agreed.tryComplete(socket);
            } else {
              agreed.tryFail("expected 101, found " + answer);
            }
          });
          socket.closeHandler(_ -> agreed.tryFail("the connection was closed"));
          return socket.write(HANDSHAKE).compose(_ -> agreed.future());
        });
  }

  private static NetSocket await(Future<NetSocket> socket) throws IOException {
    try {
      return socket.await();
    } catch (RuntimeException e) {
      throw new IOException("a WebSocket was not opened: " + e.getMessage(), e);
    }
  }

  /** Closes all that are open. */
  void closeAll() {
    sockets.forEach(socket -> socket.close().await());
    sockets.clear();
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
