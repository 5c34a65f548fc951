package dev.gatehouse.gateway.forward;

import dev.gatehouse.gateway.authenticate.Principal;
import dev.gatehouse.gateway.client.IpBits;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.exfiltration.EgressMeter;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.sign.Signed;
import dev.gatehouse.gateway.usage.LoopUsage;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An open WebSocket: bytes pass both ways as they are, each side waits where the other is slow. Its
 * deadline moves with every byte; where none passes for too long, it ends. The gateway ends it with
 * a close frame to each side that is not in the middle of another frame, and without a word
 * otherwise. There may be many of them, idle for long: it holds as little as it can.
 */
@SuppressWarnings("ReferenceEquality") // It asks which of two sides it is.
final class Tunnel extends InFlight.Entry {
  private static final long FAREWELL_NANOS = Duration.ofSeconds(1).toNanos();

  private final Tenant tenant;
  private final List<Principal> proofs;
  private final @Nullable IpBits address;
  private final @Nullable EgressMeter egress;
  private final long startNanos;
  private final TunnelSide client;
  private final TunnelSide upstream;
  private final InFlight tunnels;
  private final Runnable closed;
  private final ForwardMeters meters;
  private final LoopUsage usage;
  private final UUID route;
  private final String service;
  private long bytesIn;
  private long bytesOut;
  private long countedNanos;
  private long idleNanos;
  private boolean closing;
  private int sidesOpen = 2;
  private boolean over;

  /**
   * @param signed the request that it was
   * @param client the client's connection, on the event loop that is also the upstream's
   * @param upstream the upstream's connection
   * @param tunnels where it stays for as long as it is open
   * @param config what the client may send
   * @param meters counts those that end for what was, or was not, sent
   * @param usage counts for how long it is open, and what passes
   * @param closed told once, when both sides have ended
   */
  Tunnel(
      Signed signed,
      Channel client,
      Channel upstream,
      InFlight tunnels,
      WebSocketsConfig config,
      ForwardMeters meters,
      LoopUsage usage,
      Runnable closed) {
    // Not the request itself: its headers would stay as long as the tunnel.
    this.tenant = signed.tenant();
    this.proofs = signed.authenticated().proofs();
    this.address = signed.exchange().client().bits();
    this.egress = signed.request().request().egress();
    this.startNanos = signed.exchange().startNanos();
    this.client = new TunnelSide(client, this, new FrameTracker(new FrameBudget(config)));
    this.upstream = new TunnelSide(upstream, this, new FrameTracker());
    this.meters = meters;
    this.usage = usage;
    this.route = signed.request().route().edge().id();
    this.service = signed.request().service().name();
    this.tunnels = tunnels;
    this.closed = closed;
  }

  /**
   * Lets the bytes pass.
   *
   * @param idle how long no byte may pass before it is closed
   */
  void open(Duration idle) {
    idleNanos = idle.toNanos();
    countedNanos = System.nanoTime();
    tunnels.add(this);
    deadline(countedNanos + idleNanos);
    client.takeOver();
    upstream.takeOver();
  }

  /** Passes on what was read at one side. */
  void read(TunnelSide from, ByteBuf bytes) {
    if (closing) {
      bytes.release();
      return;
    }
    deadline(System.nanoTime() + idleNanos);
    TunnelSide to = otherThan(from);
    if (from == upstream) {
      bytesOut += bytes.readableBytes();
    } else {
      bytesIn += bytes.readableBytes();
    }
    if (from == upstream && egress != null) {
      // From where is not kept; it is known to who looks at the requests that open WebSockets.
      egress.pass(bytes.readableBytes(), "");
    }
    to.write(bytes);
    if (!to.isWritable()) {
      from.pause();
    }
    if (from == upstream && egress != null && egress.breaksOff()) {
      end(CloseCode.POLICY_VIOLATION);
    }
  }

  /** Counts what it did since this was called last. */
  void count(long nowNanos) {
    usage.webSocket(tenant, route, service, nowNanos - countedNanos, bytesIn, bytesOut);
    countedNanos = nowNanos;
    bytesIn = 0;
    bytesOut = 0;
  }

  /** What was read at one side must not pass. */
  void refuse(CloseCode why) {
    if (!closing) {
      meters.webSocketRefused(why);
      end(why);
    }
  }

  /** There is no more to read at one side for now. */
  void readComplete(TunnelSide from) {
    otherThan(from).flush();
  }

  /** One side is slow, or has caught up. */
  void writabilityChanged(TunnelSide to) {
    if (to.isWritable()) {
      otherThan(to).resume();
    }
  }

  /** One side is closed. The other one may have to wait until what was passed on is written. */
  void ended() {
    close(idleNanos);
    if (--sidesOpen == 0) {
      over();
    }
  }

  private TunnelSide otherThan(TunnelSide side) {
    return side == client ? upstream : client;
  }

  /** Ends it, and says why where that can be said. */
  private void end(CloseCode code) {
    if (closing) {
      return;
    }
    if (upstream.admitsFrame()) {
      client.write(code.frameForClient());
    }
    if (client.admitsFrame()) {
      upstream.write(code.frameForServer());
    }
    close(FAREWELL_NANOS);
  }

  @Override
  public Tenant tenant() {
    return tenant;
  }

  @Override
  public List<Principal> proofs() {
    return proofs;
  }

  @Override
  public @Nullable IpBits address() {
    return address;
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
      // One that reads nothing would hold it open.
      client.cut();
      upstream.cut();
      over();
    } else {
      meters.webSocketIdle();
      end(CloseCode.GOING_AWAY);
    }
  }

  /** What was written before still goes out, for so long at most. */
  private void close(long withinNanos) {
    if (!closing) {
      closing = true;
      deadline(System.nanoTime() + withinNanos);
      client.finish();
      upstream.finish();
    }
  }

  private void over() {
    if (!over) {
      over = true;
      count(System.nanoTime());
      tunnels.remove(this);
      closed.run();
    }
  }
}
