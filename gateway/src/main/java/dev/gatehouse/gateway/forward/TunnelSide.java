package dev.gatehouse.gateway.forward;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;

/**
 * One end of a {@link Tunnel}: what is left of a connection when nothing of HTTP is kept. The only
 * handler of its channel, but for TLS.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails closes the channel, and that is told.
final class TunnelSide extends ChannelInboundHandlerAdapter {
  private final Channel channel;
  private final Tunnel tunnel;
  private final FrameTracker frames;
  private boolean ended;

  /** Nothing more of it passes, and its last frame did not pass whole. */
  private boolean brokenOff;

  /** Nothing more of it passes. */
  private boolean refused;

  TunnelSide(Channel channel, Tunnel tunnel, FrameTracker frames) {
    this.frames = frames;
    this.channel = channel;
    this.tunnel = tunnel;
  }

  /** Reads from now on, in the place of whatever else did. */
  void takeOver() {
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addLast(this);
    pipeline.toMap().values().stream().filter(this::isInTheWay).forEach(pipeline::remove);
    resume();
    if (!channel.isActive()) {
      end();
    }
  }

  /** The client's codec still has the rest of its answer to pass on, and goes by itself then. */
  private boolean isInTheWay(ChannelHandler handler) {
    return handler != this
        && !(handler instanceof SslHandler)
        && !(handler instanceof HttpClientCodec);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf bytes) {
      boolean between = frames.admitsFrame();
      CloseCode refusal = frames.pass(bytes);
      if (refusal == null) {
        tunnel.read(this, bytes);
      } else {
        bytes.release();
        if (!refused) {
          refused = true;
          brokenOff = !between;
        }
        tunnel.refuse(refusal);
      }
    } else {
      // The end of the HTTP message that opened it.
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    tunnel.readComplete(this);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    tunnel.writabilityChanged(this);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    channel.close();
  }

  private void end() {
    if (!ended) {
      ended = true;
      tunnel.ended();
    }
  }

  /** Whether a frame of the gateway's own may follow what was read here. */
  boolean admitsFrame() {
    return !brokenOff && (refused || frames.admitsFrame());
  }

  boolean isWritable() {
    return channel.isWritable();
  }

  /** Sends it with the next {@link #flush}. */
  void write(ByteBuf bytes) {
    channel.write(bytes, channel.voidPromise());
  }

  void flush() {
    channel.flush();
  }

  void pause() {
    channel.config().setAutoRead(false);
  }

  void resume() {
    channel.config().setAutoRead(true);
  }

  /** Closes it after all that was written. */
  void finish() {
    // It learns that the other end has closed, too, only while it reads.
    resume();
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  /** Closes it, whatever was written. */
  void cut() {
    channel.close();
  }
}
