package dev.gatehouse.gateway.codec;

import dev.gatehouse.gateway.bounds.Bound;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a connection of HTTP/2 whose client sends more frames than its requests need, however well
 * it reads the answers (CVE-2019-9512, 9513, 9515), or takes its time for a frame. Follows the
 * frames' heads and looks at nothing else.
 *
 * <p>Frames that are no part of a request (SETTINGS, PING, PRIORITY, WINDOW_UPDATE, RST_STREAM,
 * CONTINUATION, DATA without data, and kinds that are unknown) take from a credit that grows with
 * time. So does each write to the client, as a window grows for what was sent, and a client may
 * measure each answer by a PING; a write that answers a PING or SETTINGS is taken back at once.
 *
 * <p>Resets have a credit of their own besides (CVE-2023-44487). It is looked at before the codec
 * gets to see the frames: what comes in one piece with too many of them is not even begun, and of a
 * connection that is ended nothing more is read. What a connection has spent of it when it ends
 * counts for its source, so that who ends them before that gets no further. The source is shut out
 * after a few of these, so that a flood costs little more than their handshakes.
 */
final class FrameGuard extends ChannelDuplexHandler {
  private static final String NAME = "frame-guard";
  private static final int PREFACE_BYTES = 24;

  /** Length, type and flags; which stream a frame is for does not matter here. */
  private static final int HEAD_BYTES = 5;

  private static final int STREAM_BYTES = 4;
  private static final int SECONDS_AT_ONCE = 10;
  private static final long END_AFTER_MILLIS = 1000;

  /** Streams that a client may reset at once; a page that is left has a hundred of them. */
  @Bound(
      of = "streams of HTTP/2 that a connection resets, at once and in half a minute",
      unit = "resets",
      atIt = "one more ends the connection",
      metric = "gatehouse_connections_ended_total{reason=\"flood\"}")
  private static final int MOST_RESETS = 200;

  /** Fewer resets of a connection that has ended are what people do who leave a page. */
  private static final int LEAST_PERCENT = 10;

  private static final long NANOS_PER_RESET = TimeUnit.SECONDS.toNanos(30) / MOST_RESETS;

  private static final int DATA = 0x0;
  private static final int HEADERS = 0x1;
  private static final int RST_STREAM = 0x3;
  private static final int SETTINGS = 0x4;
  private static final int PUSH_PROMISE = 0x5;
  private static final int PING = 0x6;
  private static final int CONTINUATION = 0x9;
  private static final int ACK = 0x1;
  private static final int END_STREAM = 0x1;
  private static final int END_HEADERS = 0x4;

  private final Doorkeeper doorkeeper;
  private final long nanosPerFrame;
  private final int most;

  private int credit;
  private long creditAtNanos = System.nanoTime();
  private int resets = MOST_RESETS;
  private long resetsAtNanos = creditAtNanos;

  /** Of the payload, or the preface, that are still to come. */
  private int left;

  private boolean inData;
  private boolean inBlock;
  private long head;
  private int headBytes;

  /** Something has ended that had to end in its time. */
  private boolean hasEnded;

  private boolean knowsCodec;
  private boolean ending;
  private @Nullable Future<?> deadline;

  private FrameGuard(Doorkeeper doorkeeper, int left) {
    this.doorkeeper = doorkeeper;
    this.left = left;
    this.nanosPerFrame = TimeUnit.SECONDS.toNanos(1) / doorkeeper.http2ControlFrames();
    this.most = doorkeeper.http2ControlFrames() * SECONDS_AT_ONCE;
    this.credit = most;
  }

  /** Stands before the codec of a connection from now on, if that has had the preface of HTTP/2. */
  static void addAfterPreface(ChannelPipeline pipeline, Doorkeeper doorkeeper) {
    Http2ConnectionHandler codec = pipeline.get(Http2ConnectionHandler.class);
    if (codec != null) {
      String before = pipeline.context(codec).name();
      pipeline.addBefore(before, NAME, new FrameGuard(doorkeeper, 0));
    }
  }

  /** Stands before the codec that is to come, and leaves if that does not speak HTTP/2. */
  static void addLast(ChannelPipeline pipeline, Doorkeeper doorkeeper) {
    pipeline.addLast(NAME, new FrameGuard(doorkeeper, PREFACE_BYTES));
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!knowsCodec) {
      knowsCodec = true;
      if (ctx.pipeline().get(Http2ConnectionHandler.class) == null) {
        ctx.pipeline().remove(this);
        ctx.fireChannelRead(message);
        return;
      }
    }
    if (message instanceof ByteBuf bytes && (ending || !isWithinCredit(bytes))) {
      ReferenceCountUtil.release(message);
      doorkeeper.flooded(ctx.channel());
      // What else has come is neither read nor decrypted.
      ctx.channel().config().setAutoRead(false);
      end(ctx, Http2Error.ENHANCE_YOUR_CALM, "more frames than requests need");
    } else {
      ctx.fireChannelRead(message);
    }
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (credit < most) {
      credit++;
    }
    ChannelFuture _ = ctx.write(message, promise);
  }

  private boolean isWithinCredit(ByteBuf bytes) {
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    while (at < end) {
      if (left > 0) {
        int skipped = Math.min(left, end - at);
        left -= skipped;
        at += skipped;
        hasEnded |= left == 0;
        continue;
      }
      head = head << 8 | bytes.getUnsignedByte(at++);
      if (++headBytes == HEAD_BYTES) {
        int flags = (int) head & 0xff;
        int type = (int) (head >>> 8) & 0xff;
        int length = (int) (head >>> 16);
        inData = type == DATA && length > 0;
        inBlock = isBlock(type) && (flags & END_HEADERS) == 0;
        left = length + STREAM_BYTES;
        headBytes = 0;
        head = 0;
        credit -= priceOf(type, flags, length);
        if (credit < 0 && !earns()) {
          return false;
        }
        if (type == RST_STREAM && --resets < 0 && !earnsResets()) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean isBlock(int type) {
    return type == HEADERS || type == PUSH_PROMISE || type == CONTINUATION;
  }

  private static int priceOf(int type, int flags, int length) {
    return switch (type) {
      case HEADERS -> 0;
      case DATA -> length == 0 && (flags & END_STREAM) == 0 ? 1 : 0;
      case SETTINGS, PING -> (flags & ACK) == 0 ? 2 : 1;
      default -> 1;
    };
  }

  /** Looks at the clock, for the first time since the credit was used up. */
  private boolean earns() {
    long earned = (System.nanoTime() - creditAtNanos) / nanosPerFrame;
    creditAtNanos += earned * nanosPerFrame;
    credit = (int) Math.min(credit + earned, most);
    return credit >= 0;
  }

  private boolean earnsResets() {
    long earned = (System.nanoTime() - resetsAtNanos) / NANOS_PER_RESET;
    resetsAtNanos += earned * NANOS_PER_RESET;
    resets = (int) Math.min(resets + earned, MOST_RESETS);
    return resets >= 0;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (!knowsCodec) {
      ctx.fireChannelReadComplete();
      return;
    }
    boolean isUnfinished = inBlock || headBytes > 0 || (left > 0 && !inData);
    if (deadline != null && (hasEnded || !isUnfinished)) {
      deadline.cancel(false);
      deadline = null;
    }
    hasEnded = false;
    if (isUnfinished && deadline == null && !ending) {
      deadline =
          ctx.executor()
              .schedule(
                  () -> tooSlow(ctx), doorkeeper.headTimeout().toMillis(), TimeUnit.MILLISECONDS);
    }
    ctx.fireChannelReadComplete();
  }

  private void tooSlow(ChannelHandlerContext ctx) {
    if (!ending && !ctx.isRemoved()) {
      doorkeeper.headTookTooLong();
      end(ctx, Http2Error.PROTOCOL_ERROR, "a frame took too long");
    }
  }

  /** A client that does not read would keep the connection by not taking the farewell. */
  private void end(ChannelHandlerContext ctx, Http2Error error, String why) {
    if (ending) {
      return;
    }
    ending = true;
    Channel client = ctx.channel();
    Runnable close =
        () -> {
          ChannelFuture _ = client.close();
        };
    Future<?> _ = ctx.executor().schedule(close, END_AFTER_MILLIS, TimeUnit.MILLISECONDS);
    Http2ConnectionHandler codec = ctx.pipeline().get(Http2ConnectionHandler.class);
    codec.onError(
        ctx.pipeline().context(codec), false, Http2Exception.connectionError(error, "%s", why));
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (deadline != null) {
      deadline.cancel(false);
    }
    if (!ending) {
      earnsResets();
      int spent = (MOST_RESETS - resets) * 100 / MOST_RESETS;
      if (spent >= LEAST_PERCENT) {
        doorkeeper.partlyFlooded(ctx.channel(), spent);
      }
    }
  }
}
