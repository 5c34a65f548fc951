package dev.gatehouse.gateway.forward;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/**
 * Cuts a client off that sends more than its handshake before it has an answer (RFC 6455 section
 * 4.1): the bytes would be frames of a WebSocket or a request, and nobody knows yet which.
 */
@Sharable
final class SilenceGuard extends ChannelInboundHandlerAdapter {
  static final String NAME = "silence";
  static final SilenceGuard INSTANCE = new SilenceGuard();

  private SilenceGuard() {}

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // The request is told that the client is gone.
  public void channelRead(ChannelHandlerContext context, Object message) {
    // The end of the handshake itself, which has no body.
    if (message instanceof LastHttpContent end && !end.content().isReadable()) {
      context.fireChannelRead(message);
    } else {
      ReferenceCountUtil.release(message);
      context.close();
    }
  }
}
