package dev.gatehouse.gateway.codec;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Iterator;

/**
 * Resets streams of HTTP/2 that name two Hosts and no {@code :authority}: the codec takes the first
 * one and throws the others away, so that nobody behind it could tell.
 */
public final class OneHost extends Http2FrameListenerDecorator {
  private static final AsciiString HOST = AsciiString.cached("host");

  private OneHost(Http2FrameListener listener) {
    super(listener);
  }

  /** Does nothing where HTTP/2 is not spoken. */
  public static void require(ChannelPipeline pipeline) {
    Http2ConnectionHandler codec = pipeline.get(Http2ConnectionHandler.class);
    if (codec != null) {
      Http2ConnectionDecoder decoder = codec.decoder();
      decoder.frameListener(new OneHost(decoder.frameListener()));
    }
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx, int stream, Http2Headers headers, int padding, boolean isEnd)
      throws Http2Exception {
    requireOne(stream, headers);
    super.onHeadersRead(ctx, stream, headers, padding, isEnd);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx,
      int stream,
      Http2Headers headers,
      int dependency,
      short weight,
      boolean exclusive,
      int padding,
      boolean isEnd)
      throws Http2Exception {
    requireOne(stream, headers);
    super.onHeadersRead(ctx, stream, headers, dependency, weight, exclusive, padding, isEnd);
  }

  private static void requireOne(int stream, Http2Headers headers) throws Http2Exception {
    if (headers.authority() == null) {
      Iterator<CharSequence> hosts = headers.valueIterator(HOST);
      if (hosts.hasNext()) {
        hosts.next();
        if (hosts.hasNext()) {
          throw Http2Exception.streamError(stream, Http2Error.PROTOCOL_ERROR, "more than one host");
        }
      }
    }
  }
}
