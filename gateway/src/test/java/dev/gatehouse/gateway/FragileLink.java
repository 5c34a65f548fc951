package dev.gatehouse.gateway;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.List;

/** The way to a server on this machine, which breaks as networks do. */
public final class FragileLink implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final NetClient client = vertx.createNetClient();
  private final List<NetSocket> open = new ArrayList<>();
  private final int to;
  private final NetServer server;
  private final List<Runnable> held = new ArrayList<>();
  private boolean holding;
  private boolean down;
  private int accepted;

  public FragileLink(int to) {
    this.to = to;
    this.server =
        vertx.createNetServer().connectHandler(this::accept).listen(0, "127.0.0.1").await();
  }

  /** The URL of what is reached by it. */
  public String urlFor(String direct) {
    return direct.replaceFirst(":" + to + "$", ":" + server.actualPort());
  }

  /** Nothing passes any more on the connections that there are, and nobody is told. */
  public synchronized void fallSilent() {
    open.forEach(socket -> socket.handler(_ -> {}));
    open.clear();
  }

  /** Holds back what is sent to the server; what it sends itself still passes. */
  public synchronized void holdBack() {
    holding = true;
  }

  /** Whether something is held back. */
  public synchronized boolean holds() {
    return !held.isEmpty();
  }

  /** Lets pass what was held back, and all that follows. */
  public synchronized void release() {
    holding = false;
    held.forEach(Runnable::run);
    held.clear();
  }

  /** How often somebody has connected. */
  public synchronized int accepted() {
    return accepted;
  }

  /** Ends the connections that there are, and every new one. */
  public synchronized void takeDown() {
    down = true;
    open.forEach(NetSocket::close);
    open.clear();
  }

  /** Lets new connections pass again. */
  public synchronized void bringUp() {
    down = false;
  }

  private synchronized void pass(NetSocket far, Buffer bytes) {
    if (holding) {
      held.add(() -> far.write(bytes));
    } else {
      far.write(bytes);
    }
  }

  private synchronized void accept(NetSocket near) {
    accepted++;
    if (down) {
      near.close();
      return;
    }
    near.pause();
    client.connect(to, "127.0.0.1").onComplete(far -> join(near, far), _ -> near.close());
  }

  private synchronized void join(NetSocket near, NetSocket far) {
    if (down) {
      near.close();
      far.close();
      return;
    }
    open.add(near);
    open.add(far);
    near.handler(bytes -> pass(far, bytes)).closeHandler(_ -> far.close());
    far.handler(near::write).closeHandler(_ -> near.close());
    near.resume();
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
