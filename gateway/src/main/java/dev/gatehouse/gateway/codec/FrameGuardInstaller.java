package dev.gatehouse.gateway.codec;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.util.ReferenceCountUtil;

/**
 * Puts a {@link FrameGuard} behind the TLS of a connection, before the first byte is decrypted: the
 * codec's own place for that is called when it has read the first frames already. Stands before
 * everything else, and leaves as soon as the handshake begins, which may be after the head of the
 * PROXY protocol.
 */
final class FrameGuardInstaller extends ChannelInboundHandlerAdapter {
  private static final String TLS = "ssl";

  private final Doorkeeper doorkeeper;

  FrameGuardInstaller(Doorkeeper doorkeeper) {
    this.doorkeeper = doorkeeper;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ChannelPipeline pipeline = ctx.pipeline();
    if (pipeline.get(TLS) != null) {
      if (!doorkeeper.mayBegin(ctx.channel())) {
        ReferenceCountUtil.release(message);
        ChannelFuture _ = ctx.close();
        return;
      }
      FrameGuard.addLast(pipeline, doorkeeper);
      pipeline.remove(this);
    }
    ctx.fireChannelRead(message);
  }
}
