package dev.gatehouse.gateway.forward;

import dev.gatehouse.gateway.authenticate.Principal;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.rejection.Rejection;
import io.netty.channel.ChannelPipeline;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * An open WebSocket: bytes pass both ways as they are, each side waits where the other is slow. Its
 * deadline moves with every byte; where none passes for too long, it ends. The gateway ends it with
 * a close frame to each side that is not in the middle of another frame, and without a word
 * otherwise.
 */
final class Tunnel extends InFlight.Entry {
  private static final long FAREWELL_NANOS = Duration.ofSeconds(1).toNanos();

  private final Tenant tenant;
  private final Principal principal;
  private final long startNanos;
  private final NetSocketInternal client;
  private final NetSocket upstream;
  private final InFlight tunnels;
  private final long idleNanos;
  private final Runnable closed;
  private final FrameTracker fromClient = new FrameTracker();
  private final FrameTracker fromUpstream = new FrameTracker();
  private boolean closing;
  private int sidesOpen = 2;
  private boolean over;

  /**
   * @param upgrade the request that it was
   * @param client the client's side, paused
   * @param upstream the upstream's side, paused
   * @param tunnels where it stays for as long as it is open
   * @param closed told once, when both sides have ended
   */
  Tunnel(
      UnderWay upgrade,
      NetSocket client,
      NetSocket upstream,
      InFlight tunnels,
      Duration idle,
      Runnable closed) {
    // Not the upgrade itself: its headers would stay as long as the tunnel.
    this.tenant = upgrade.tenant();
    this.principal = upgrade.principal();
    this.startNanos = upgrade.startNanos();
    this.client = (NetSocketInternal) client;
    this.upstream = upstream;
    this.tunnels = tunnels;
    this.idleNanos = idle.toNanos();
    this.closed = closed;
  }

  /** Lets the bytes pass. */
  void open() {
    tunnels.add(this);
    deadline(System.nanoTime() + idleNanos);
    keepOpenWhileIdle();
    pass(client, upstream, fromClient);
    pass(upstream, client, fromUpstream);
    client.resume();
    upstream.resume();
  }

  /** The listener's idle timeout is for requests. */
  private void keepOpenWhileIdle() {
    ChannelPipeline pipeline = client.channelHandlerContext().pipeline();
    if (pipeline.get("idle") != null) {
      pipeline.remove("idle");
    }
  }

  private void pass(NetSocket from, NetSocket to, FrameTracker frames) {
    from.exceptionHandler(_ -> {});
    // After the last byte was passed on, also where it had to wait for the other side.
    from.endHandler(_ -> close(idleNanos));
    from.closeHandler(_ -> sideClosed());
    from.handler(chunk -> {
      if (closing) {
        return;
      }
      frames.pass(chunk);
      deadline(System.nanoTime() + idleNanos);
      to.write(chunk);
      if (to.writeQueueFull()) {
        from.pause();
        to.drainHandler(_ -> from.resume());
      }
    });
  }

  /** Ends it, and says why where that can be said. */
  private void end(CloseCode code) {
    if (closing) {
      return;
    }
    if (fromUpstream.admitsFrame()) {
      client.write(code.frameForClient());
    }
    if (fromClient.admitsFrame()) {
      upstream.write(code.frameForServer());
    }
    close(FAREWELL_NANOS);
  }

  @Override
  public Tenant tenant() {
    return tenant;
  }

  @Override
  public Principal principal() {
    return principal;
  }

  @Override
  public long startNanos() {
    return startNanos;
  }

  @Override
  void leave(Consumer<HttpServerRequest> tell) {
    end(CloseCode.GOING_AWAY);
  }

  @Override
  void revoke(Rejection why) {
    end(CloseCode.POLICY_VIOLATION);
  }

  @Override
  void deadlinePassed() {
    if (closing) {
      // A client that reads nothing would hold it open.
      closeClientNow();
      over();
    } else {
      end(CloseCode.GOING_AWAY);
    }
  }

  /** What was written before still goes out, for so long at most. */
  private void close(long withinNanos) {
    if (closing) {
      return;
    }
    closing = true;
    deadline(System.nanoTime() + withinNanos);
    client.resume();
    upstream.resume();
    client.close();
    upstream.close();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // There is nothing left to do.
  private void closeClientNow() {
    client.channelHandlerContext().close();
  }

  private void sideClosed() {
    if (--sidesOpen == 0) {
      over();
    }
  }

  private void over() {
    if (!over) {
      over = true;
      tunnels.remove(this);
      closed.run();
    }
  }
}
