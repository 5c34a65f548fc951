package dev.gatehouse.gateway.forward;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a client may send through a WebSocket, by the heads of its frames: no message may be too
 * long, and frames that say next to nothing take from a credit that grows with time. They cost it
 * six bytes, and the service a call for each.
 */
final class FrameBudget {
  private static final int SECONDS_AT_ONCE = 10;

  /** A fragment that is shorter says little. */
  private static final int SMALL = 128;

  private static final int FINAL = 0x80;
  private static final int OPCODE = 0x0f;
  private static final int CONTINUATION = 0;
  private static final int FIRST_CONTROL = 8;

  private final WebSocketsConfig config;
  private long messageBytes;
  private int credit;
  private long creditAtNanos = System.nanoTime();

  FrameBudget(WebSocketsConfig config) {
    this.config = config;
    this.credit = most();
  }

  /**
   * One more frame.
   *
   * @param first its first octet
   * @param length of its payload; negative if no frame can be so long
   * @return with what the WebSocket is closed; null if it goes on
   */
  @Nullable CloseCode take(int first, long length) {
    int opcode = first & OPCODE;
    if (opcode < FIRST_CONTROL) {
      messageBytes = opcode == CONTINUATION ? messageBytes + length : length;
      if (length < 0 || messageBytes < 0 || messageBytes > config.maxMessageBytes()) {
        return CloseCode.MESSAGE_TOO_BIG;
      }
      boolean whole = opcode != CONTINUATION && (first & FINAL) != 0;
      if (length >= SMALL || (whole && length > 0)) {
        return null;
      }
    }
    credit--;
    return credit >= 0 || earns() ? null : CloseCode.POLICY_VIOLATION;
  }

  /** Looks at the clock, for the first time since the credit was used up. */
  private boolean earns() {
    long nanosPerFrame = TimeUnit.SECONDS.toNanos(1) / config.smallFramesPerSecond();
    long earned = (System.nanoTime() - creditAtNanos) / nanosPerFrame;
    creditAtNanos += earned * nanosPerFrame;
    credit = (int) Math.min(credit + earned, most());
    return credit >= 0;
  }

  private int most() {
    return config.smallFramesPerSecond() * SECONDS_AT_ONCE;
  }
}
