package dev.gatehouse.gateway.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The codec's decoder without the leniency that RFC 9112 allows: lines that are folded (section
 * 5.2), a CR alone before the request line (section 2.2), anything but one space in it (section 3),
 * names that are empty, versions that are not spoken here. Can be told to read no further. An
 * upgrade to HTTP/2 in the clear, which RFC 9113 has done away with, is not seen by anyone behind
 * it.
 */
public final class StrictRequestDecoder extends VertxHttpRequestDecoder {
  private static final String NAME = "httpDecoder";
  private static final String H2C = "h2c";
  private static final String CLOSE = "close";
  private static final String KEEP_ALIVE = "keep-alive";
  private static final AsciiString HTTP2_SETTINGS = AsciiString.cached("http2-settings");

  private final Doorkeeper doorkeeper;
  private boolean inHead = true;
  private boolean lineBegun;
  private boolean afterCr;
  private boolean headHasBegun;
  private boolean isFirst = true;
  private @Nullable Future<?> deadline;
  private boolean hasFoldedLine;
  private boolean stopped;
  private boolean closing;
  private int wordEnd;

  private StrictRequestDecoder(HttpServerOptions options, Doorkeeper doorkeeper, boolean afterCr) {
    super(options);
    this.doorkeeper = doorkeeper;
    this.afterCr = afterCr;
  }

  /**
   * Takes the place of the codec's own decoder, if that is there. What that one holds of the first
   * line is read again.
   */
  public static void install(
      ChannelPipeline pipeline, HttpServerOptions options, Doorkeeper doorkeeper) {
    install(pipeline, options, doorkeeper, false);
  }

  /**
   * The same.
   *
   * @param afterCr whether the last byte that the codec's own decoder was given is a CR
   */
  static void install(
      ChannelPipeline pipeline, HttpServerOptions options, Doorkeeper doorkeeper, boolean afterCr) {
    if (pipeline.get(NAME) instanceof VertxHttpRequestDecoder lenient
        && !(lenient instanceof StrictRequestDecoder)) {
      pipeline.replace(lenient, NAME, new StrictRequestDecoder(options, doorkeeper, afterCr));
    }
  }

  /**
   * Reads nothing more on this connection: what follows must not become a request, because the
   * connection is about to be closed, and maybe because nobody can say where a request begins. Does
   * nothing where HTTP/2 is spoken.
   */
  public static void stop(Channel client) {
    StrictRequestDecoder decoder = client.pipeline().get(StrictRequestDecoder.class);
    if (decoder != null) {
      decoder.stopped = true;
      decoder.closing = true;
    }
  }

  /** Whether this connection was told to stop: what was read before, and waits, is not served. */
  public static boolean hasStopped(Channel client) {
    StrictRequestDecoder decoder = client.pipeline().get(StrictRequestDecoder.class);
    return decoder != null && decoder.closing;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    if (stopped) {
      in.skipBytes(in.readableBytes());
      return;
    }
    if (inHead && !lineBegun && !beginsALine(ctx, in, out)) {
      // Behind a request, an empty line may be a part of it that some clients add.
      headHasBegun |= isFirst;
      return;
    }
    headHasBegun |= inHead;
    int from = in.readerIndex();
    int known = out.size();
    super.decode(ctx, in, out);
    if (inHead) {
      hasFoldedLine |= beginsALineWithSpace(in, from, in.readerIndex());
    }
    for (int i = known; i < out.size() && !stopped; i++) {
      decoded(ctx, out, i);
    }
  }

  /** Empty lines before a request are let be, a CR alone is not. */
  private boolean beginsALine(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
      throws Exception {
    while (in.isReadable()) {
      byte next = in.getByte(in.readerIndex());
      if (afterCr && next != '\n') {
        // The codec refuses a NUL as it refuses all else.
        super.decode(ctx, Unpooled.wrappedBuffer(new byte[1]), out);
        stopped = true;
        return false;
      }
      afterCr = next == '\r';
      if (!afterCr && next != '\n') {
        lineBegun = true;
        return true;
      }
      in.skipBytes(1);
    }
    return false;
  }

  private void decoded(ChannelHandlerContext ctx, List<Object> out, int index) {
    Object message = out.get(index);
    if (message instanceof HttpRequest request) {
      headIsThere();
      if (request.decoderResult().isSuccess()) {
        if (hasFoldedLine) {
          refuse(request, out, index);
        } else {
          hideUpgradeToHttp2(request.headers());
          showClose(request.headers());
        }
      }
    }
    if (message instanceof HttpContent content && content.decoderResult().isFailure()) {
      breakOff(ctx, out, index);
    }
    if (message instanceof LastHttpContent) {
      inHead = true;
      lineBegun = false;
      hasFoldedLine = false;
    }
  }

  private void headIsThere() {
    inHead = false;
    isFirst = false;
    headHasBegun = false;
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }

  /** Most heads are read as a whole, and pay nothing. */
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    if (headHasBegun && deadline == null && !stopped) {
      awaitHead(ctx);
    }
    super.channelReadComplete(ctx);
  }

  private void awaitHead(ChannelHandlerContext ctx) {
    deadline =
        ctx.executor()
            .schedule(
                () -> refuseSlowHead(ctx),
                doorkeeper.headTimeout().toMillis(),
                TimeUnit.MILLISECONDS);
  }

  private void refuseSlowHead(ChannelHandlerContext ctx) {
    if (stopped || ctx.isRemoved()) {
      return;
    }
    if (!ctx.channel().config().isAutoRead()) {
      // It is not read while requests before it are under way: that is no fault of the client.
      awaitHead(ctx);
      return;
    }
    stopped = true;
    doorkeeper.headTookTooLong();
    HttpMessage late = createInvalidMessage();
    late.setDecoderResult(DecoderResult.failure(new SlowHeadException()));
    ctx.fireChannelRead(late);
    ctx.fireChannelReadComplete();
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) throws Exception {
    if (deadline != null) {
      deadline.cancel(false);
    }
    super.handlerRemoved0(ctx);
  }

  /** As the codec refuses: the message with its failure is the last one. */
  private void refuse(HttpRequest request, List<Object> out, int index) {
    request.setDecoderResult(
        DecoderResult.failure(new IllegalArgumentException("a line begins with white space")));
    removeFrom(out, index + 1);
    stopped = true;
  }

  private void breakOff(ChannelHandlerContext ctx, List<Object> out, int index) {
    stopped = true;
    BrokenBody broken = new BrokenBody();
    ctx.fireUserEventTriggered(broken);
    if (broken.isTaken()) {
      removeFrom(out, index);
    }
  }

  private static void removeFrom(List<Object> out, int index) {
    while (out.size() > index) {
      ReferenceCountUtil.release(out.remove(out.size() - 1));
    }
  }

  /** The codec consumes a head by whole lines. */
  private static boolean beginsALineWithSpace(ByteBuf in, int from, int to) {
    int start = from;
    while (start < to) {
      byte first = in.getByte(start);
      if (first == ' ' || first == '\t') {
        return true;
      }
      int end = in.indexOf(start, to, (byte) '\n');
      start = end < 0 ? to : end + 1;
    }
    return false;
  }

  private static void hideUpgradeToHttp2(HttpHeaders headers) {
    if (headers.contains(HttpHeaderNames.UPGRADE)
        && headers.contains(HttpHeaderNames.UPGRADE, H2C, true)) {
      headers.remove(HttpHeaderNames.UPGRADE);
      headers.remove(HTTP2_SETTINGS);
    }
  }

  /**
   * The codec looks for a line that says {@code close} and nothing else, and in HTTP/1.0 for one
   * that says {@code keep-alive}, but it may stand in a list (RFC 9112 section 9.6).
   */
  private static void showClose(HttpHeaders headers) {
    String first = headers.get(HttpHeaderNames.CONNECTION);
    if (first == null) {
      return;
    }
    List<String> lines = headers.getAll(HttpHeaderNames.CONNECTION);
    if (lines.size() == 1 && (first.equals(CLOSE) || first.equals(KEEP_ALIVE))) {
      return;
    }
    String all = String.join(",", lines);
    for (String option : all.split(",", -1)) {
      if (option.strip().equalsIgnoreCase(CLOSE)) {
        headers.set(HttpHeaderNames.CONNECTION, all);
        headers.add(HttpHeaderNames.CONNECTION, CLOSE);
        return;
      }
    }
  }

  @Override
  protected String splitFirstWordInitialLine(byte[] content, int start, int length) {
    wordEnd = start + length;
    return super.splitFirstWordInitialLine(content, start, length);
  }

  @Override
  protected String splitSecondWordInitialLine(byte[] content, int start, int length) {
    requireOneSpace(content, start);
    wordEnd = start + length;
    return super.splitSecondWordInitialLine(content, start, length);
  }

  @Override
  protected String splitThirdWordInitialLine(byte[] content, int start, int length) {
    requireOneSpace(content, start);
    return super.splitThirdWordInitialLine(content, start, length);
  }

  private void requireOneSpace(byte[] content, int start) {
    if (start != wordEnd + 1 || content[wordEnd] != ' ') {
      throw new IllegalArgumentException("the request line is not separated by single spaces");
    }
  }

  @Override
  protected HttpMessage createMessage(String[] initialLine) {
    String version = initialLine[2];
    if (!version.equals("HTTP/1.1") && !version.equals("HTTP/1.0")) {
      throw version.startsWith("HTTP/") && version.indexOf(' ') < 0
          ? new UnsupportedVersionException()
          : new IllegalArgumentException("the request line does not end in a version");
    }
    return super.createMessage(initialLine);
  }

  @Override
  protected AsciiString splitHeaderName(byte[] line, int start, int length) {
    if (length == 0) {
      throw new IllegalArgumentException("a header has no name");
    }
    return super.splitHeaderName(line, start, length);
  }
}
