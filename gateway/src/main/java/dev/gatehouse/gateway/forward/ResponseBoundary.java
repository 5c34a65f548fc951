package dev.gatehouse.gateway.forward;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpClientConnectionInternal;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that a connection to an upstream is not used again where bytes follow the end of a
 * response: they would be taken for the answer to the next request, which may be another client's
 * (RFC 9112 section 9.2). Stands behind the codec and, with its {@link Inlet}, before it. The last
 * of a response is held back until the codec has read all that came with it, so that nobody can
 * take the connection before that is known.
 */
final class ResponseBoundary extends ChannelDuplexHandler {
  private static final String CODEC = "codec";

  /**
   * Makes the codec give away the beginning of a response that it holds. One that holds nothing
   * skips it, like all blank lines before a response.
   */
  private static final ByteBuf BLANK_LINES =
      Unpooled.unreleasableBuffer(
          Unpooled.copiedBuffer("\r\n\r\n", StandardCharsets.US_ASCII).asReadOnly());

  private static final int CLOSE_SECONDS = 1;

  private final HttpConnection connection;
  private final ResponseHead head = new ResponseHead();
  private boolean awaitsResponse;
  private boolean interim;
  private @Nullable Object heldEnd;
  private boolean surplus;

  private ResponseBoundary(HttpConnection connection) {
    this.connection = connection;
  }

  /** Watches a new connection; nothing need be watched over HTTP/2, whose frames have lengths. */
  static void watch(HttpConnection connection) {
    ChannelPipeline pipeline =
        ((HttpClientConnectionInternal) connection).channelHandlerContext().pipeline();
    if (pipeline.get(CODEC) != null) {
      ResponseBoundary boundary = new ResponseBoundary(connection);
      pipeline.addAfter(CODEC, null, boundary);
      pipeline.addBefore(CODEC, null, boundary.new Inlet(pipeline.context(boundary)));
    }
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // The promise tells.
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (message instanceof HttpRequest) {
      awaitsResponse = true;
      head.begin();
    }
    ChannelFuture _ = ctx.write(message, promise);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (heldEnd != null || surplus) {
      surplus = true;
      ReferenceCountUtil.release(message);
      return;
    }
    if (message instanceof HttpResponse response) {
      interim =
          response.status().codeClass() == HttpStatusClass.INFORMATIONAL
              && response.status().code() != 101;
    }
    if (message instanceof LastHttpContent && !interim) {
      awaitsResponse = false;
      heldEnd = message;
    } else {
      ctx.fireChannelRead(message);
    }
  }

  /** A response without a length ends here. */
  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    passOnEnd(ctx);
    ctx.fireChannelInactive();
  }

  private void passOnEnd(ChannelHandlerContext ctx) {
    Object end = heldEnd;
    if (end != null) {
      heldEnd = null;
      if (surplus) {
        // Out of the pool as soon as this response has ended.
        connection.shutdown(CLOSE_SECONDS, TimeUnit.SECONDS);
      }
      ctx.fireChannelRead(end);
    }
  }

  /** Before the codec: knows when it has read all that has come. */
  private final class Inlet extends ChannelInboundHandlerAdapter {
    private final ChannelHandlerContext behindCodec;

    Inlet(ChannelHandlerContext behindCodec) {
      this.behindCodec = behindCodec;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object bytes) {
      if (!awaitsResponse) {
        ReferenceCountUtil.release(bytes);
        connection.close();
        return;
      }
      if (bytes instanceof ByteBuf some && !head.accepts(some)) {
        ReferenceCountUtil.release(bytes);
        ResponseHeadGuard.refuse(ctx);
        return;
      }
      ctx.fireChannelRead(bytes);
      if (heldEnd != null && !surplus) {
        ctx.fireChannelRead(BLANK_LINES.duplicate());
      }
      passOnEnd(behindCodec);
    }
  }
}
