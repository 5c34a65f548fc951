package dev.gatehouse.gateway.forward;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderException;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpClientConnectionInternal;

/**
 * Looks at the answer to the one request of a connection that is to become a tunnel, and leaves
 * when its head is over.
 */
final class ResponseHeadGuard extends ChannelInboundHandlerAdapter {
  private static final String CODEC = "codec";

  private final ResponseHead head = new ResponseHead();

  private ResponseHeadGuard() {
    head.begin();
  }

  /** Watches a new connection. */
  static void watch(HttpConnection connection) {
    ChannelPipeline pipeline =
        ((HttpClientConnectionInternal) connection).channelHandlerContext().pipeline();
    if (pipeline.get(CODEC) != null) {
      pipeline.addBefore(CODEC, null, new ResponseHeadGuard());
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object bytes) {
    if (bytes instanceof ByteBuf some && !head.accepts(some)) {
      ReferenceCountUtil.release(bytes);
      refuse(ctx);
      return;
    }
    if (head.isOver()) {
      ctx.pipeline().remove(this);
    }
    ctx.fireChannelRead(bytes);
  }

  /** Ends a connection whose answer cannot be read; whoever waits for it is told. */
  static void refuse(ChannelHandlerContext ctx) {
    ctx.fireExceptionCaught(new DecoderException("white space within the name of a header"));
    ChannelFuture _ = ctx.close();
  }
}
