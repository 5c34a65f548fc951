package dev.gatehouse.gateway.forward;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.ThreadLocalRandom;

/** Why the gateway ends a WebSocket (RFC 6455 section 7.4.1). */
enum CloseCode {
  /** The gateway stops, or nothing has passed for too long. */
  GOING_AWAY(1001),
  /** The tenant, or the caller, may no longer be here; or too many frames say nothing. */
  POLICY_VIOLATION(1008),
  /** A message is longer than any may be. */
  MESSAGE_TOO_BIG(1009);

  private static final byte FINAL_CLOSE_FRAME = (byte) 0x88;
  private static final byte MASKED = (byte) 0x80;
  private static final byte PAYLOAD_BYTES = 2;

  private final int code;

  CloseCode(int code) {
    this.code = code;
  }

  /** The close frame for a client. */
  ByteBuf frameForClient() {
    return Unpooled.buffer().writeByte(FINAL_CLOSE_FRAME).writeByte(PAYLOAD_BYTES).writeShort(code);
  }

  /** The close frame for a server, masked as everything must be that goes there (section 5.3). */
  ByteBuf frameForServer() {
    int mask = ThreadLocalRandom.current().nextInt();
    return Unpooled.buffer()
        .writeByte(FINAL_CLOSE_FRAME)
        .writeByte((byte) (MASKED | PAYLOAD_BYTES))
        .writeInt(mask)
        .writeShort((code ^ mask >>> 16) & 0xffff);
  }
}
