package dev.gatehouse.gateway.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.util.concurrent.Future;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.Http1xOrH2CHandler;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that the first request of a connection in the clear is read strictly too. Vert.x
 * decides by the first bytes which protocol is spoken, and hands them on to a decoder that nobody
 * can have replaced by then: so these bytes are given to it one by one, and the decoder is replaced
 * as soon as it is there. Leaves at that, or when HTTP/2 is spoken.
 */
final class RequestSniffer extends ChannelInboundHandlerAdapter {
  private final HttpServerOptions options;
  private final Doorkeeper doorkeeper;
  private boolean decides;
  private boolean hasBegun;
  private @Nullable Future<?> deadline;

  RequestSniffer(HttpServerOptions options, Doorkeeper doorkeeper) {
    this.options = options;
    this.doorkeeper = doorkeeper;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    ChannelPipeline pipeline = ctx.pipeline();
    if (!hasBegun && !doorkeeper.mayBegin(ctx.channel())) {
      bytes.release();
      ChannelFuture _ = ctx.close();
      return;
    }
    hasBegun = true;
    try {
      while (bytes.isReadable()) {
        byte next = bytes.getByte(bytes.readerIndex());
        ctx.fireChannelRead(bytes.readRetainedSlice(1));
        if (isDecided(pipeline)) {
          if (pipeline.get("httpDecoder") != null && !mayBeginARequest(next)) {
            ChannelFuture _ = ctx.close();
            return;
          }
          StrictRequestDecoder.install(pipeline, options, doorkeeper, next == '\r');
          FrameGuard.addAfterPreface(pipeline, doorkeeper);
          pipeline.remove(this);
          if (bytes.isReadable()) {
            ctx.fireChannelRead(bytes.retain());
          }
          return;
        }
      }
    } finally {
      bytes.release();
    }
  }

  /** Whoever sends a few bytes and no more has begun a request all the same. */
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (hasBegun && deadline == null) {
      deadline =
          ctx.executor()
              .schedule(
                  () -> {
                    doorkeeper.headTookTooLong();
                    ChannelFuture _ = ctx.close();
                  },
                  doorkeeper.headTimeout().toMillis(),
                  TimeUnit.MILLISECONDS);
    }
    ctx.fireChannelReadComplete();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (deadline != null) {
      deadline.cancel(false);
    }
  }

  /** The head of the PROXY protocol, where there is one, comes before anything is decided. */
  private boolean isDecided(ChannelPipeline pipeline) {
    boolean deciding = pipeline.get(Http1xOrH2CHandler.class) != null;
    decides |= deciding;
    return !deciding && (decides || pipeline.get("httpDecoder") != null);
  }

  /** Others have made the decoder refuse what follows, which its successor would not know. */
  private static boolean mayBeginARequest(byte first) {
    return (first >= ' ' && first < 0x7f) || first == '\r' || first == '\n';
  }
}
