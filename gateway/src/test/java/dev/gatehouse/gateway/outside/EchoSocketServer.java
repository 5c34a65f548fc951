package dev.gatehouse.gateway.outside;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.java_websocket.WebSocket;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.server.WebSocketServer;

/** Echoes messages; closes with a code of its own where the message says so. */
final class EchoSocketServer extends WebSocketServer {
  /** The handshakes, as they arrived. */
  final BlockingQueue<ClientHandshake> handshakes = new LinkedBlockingQueue<>();

  /** The codes that clients closed with, each with its reason. */
  final BlockingQueue<String> closes = new LinkedBlockingQueue<>();

  private final CountDownLatch started = new CountDownLatch(1);

  EchoSocketServer() {
    super(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    setReuseAddr(true);
  }

  /** Returns when it listens. */
  void startAndWait() throws InterruptedException {
    start();
    started.await();
  }

  @Override
  public void onStart() {
    started.countDown();
  }

  @Override
  public void onOpen(WebSocket socket, ClientHandshake handshake) {
    handshakes.add(handshake);
  }

  @Override
  public void onMessage(WebSocket socket, String message) {
    if (message.startsWith("close ")) {
      socket.close(Integer.parseInt(message.substring("close ".length())), "as asked");
    } else {
      socket.send(message);
    }
  }

  @Override
  public void onMessage(WebSocket socket, ByteBuffer message) {
    socket.send(message);
  }

  @Override
  public void onClose(WebSocket socket, int code, String reason, boolean remote) {
    closes.add(code + " " + reason);
  }

  @Override
  public void onError(WebSocket socket, Exception failure) {
    closes.add(failure.toString());
  }
}
