package dev.gatehouse.gateway.forward;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Follows the frames of one direction of a WebSocket by their headers (RFC 6455 section 5.2), to
 * know when one of the gateway's own may be put between two of them. Holds no payload.
 */
final class FrameTracker {
  private static final int FIXED_BYTES = 2;
  private static final int MASK_BYTES = 4;
  private static final int CLOSE = 8;

  private final @Nullable FrameBudget budget;
  private int first;
  private int headerSeen;
  private int headerLength = FIXED_BYTES;
  private int lengthBytes;
  private long length;
  private long payloadLeft;
  private boolean closing;

  /** Of a side that may send what it likes. */
  FrameTracker() {
    this(null);
  }

  /**
   * @param budget what may be sent; null for anything
   */
  FrameTracker(@Nullable FrameBudget budget) {
    this.budget = budget;
  }

  /**
   * These bytes are to pass.
   *
   * @return why they must not; null if they may
   */
  @Nullable CloseCode pass(ByteBuf chunk) {
    int end = chunk.writerIndex();
    int at = chunk.readerIndex();
    while (at < end) {
      if (payloadLeft > 0) {
        int skipped = (int) Math.min(payloadLeft, end - at);
        payloadLeft -= skipped;
        at += skipped;
      } else if (header(chunk.getByte(at++)) && budget != null) {
        CloseCode refusal = budget.take(first, payloadLeft);
        if (refusal != null) {
          return refusal;
        }
      }
    }
    return null;
  }

  /** Whether a frame may follow: the last one is complete, and was not a close frame. */
  boolean admitsFrame() {
    return payloadLeft == 0 && headerSeen == 0 && !closing;
  }

  /** Whether the header is complete. */
  private boolean header(byte octet) {
    if (headerSeen == 0) {
      first = octet & 0xff;
      closing |= (octet & 0x0f) == CLOSE;
    } else if (headerSeen == 1) {
      int announced = octet & 0x7f;
      lengthBytes = announced == 126 ? 2 : announced == 127 ? 8 : 0;
      length = lengthBytes == 0 ? announced : 0;
      headerLength = FIXED_BYTES + lengthBytes + (octet < 0 ? MASK_BYTES : 0);
    } else if (headerSeen < FIXED_BYTES + lengthBytes) {
      length = length << 8 | (octet & 0xff);
    }
    if (++headerSeen == headerLength) {
      // A length that no frame may have: where it ends cannot be known.
      payloadLeft = length < 0 ? Long.MAX_VALUE : length;
      headerSeen = 0;
      headerLength = FIXED_BYTES;
      return true;
    }
    return false;
  }
}
