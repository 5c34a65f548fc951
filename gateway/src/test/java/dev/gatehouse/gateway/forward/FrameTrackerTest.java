package dev.gatehouse.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FrameTrackerTest {
  private static ByteBuf frame(SplittableRandom random, int opcode) {
    int length =
        switch (random.nextInt(3)) {
          case 0 -> random.nextInt(126);
          case 1 -> 126 + random.nextInt(2000);
          default -> 65_536 + random.nextInt(1000);
        };
    boolean masked = random.nextBoolean();
    ByteBuf frame = Unpooled.buffer().writeByte((byte) (0x80 | opcode));
    int mask = masked ? 0x80 : 0;
    if (length < 126) {
      frame.writeByte((byte) (mask | length));
    } else if (length < 65_536) {
      frame.writeByte((byte) (mask | 126)).writeShort(length);
    } else {
      frame.writeByte((byte) (mask | 127)).writeLong(length);
    }
    byte[] payload = new byte[length + (masked ? 4 : 0)];
    random.nextBytes(payload);
    return frame.writeBytes(payload);
  }

  @RepeatedTest(50)
  void admitsAFrameBetweenTwoFramesAndNowhereElse() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    FrameTracker tracker = new FrameTracker();
    for (int i = 0; i < 20; i++) {
      ByteBuf frame = frame(random, 1 + random.nextInt(2));
      int at = 0;
      while (at < frame.readableBytes()) {
        assertThat(tracker.admitsFrame())
            .as("seed %d, frame %d at %d", seed, i, at)
            .isEqualTo(at == 0);
        int next =
            Math.min(frame.readableBytes(), at + 1 + random.nextInt(random.nextInt(1, 5000)));
        assertThat(tracker.pass(frame.slice(at, next - at))).isNull();
        at = next;
      }
      assertThat(tracker.admitsFrame()).as("seed %d, after frame %d", seed, i).isTrue();
    }
  }

  @Test
  void admitsNoFrameAfterACloseFrame() {
    FrameTracker tracker = new FrameTracker();
    assertThat(tracker.pass(CloseCode.GOING_AWAY.frameForClient())).isNull();

    assertThat(tracker.admitsFrame()).isFalse();
  }

  @Test
  void admitsNoFrameAfterALengthThatIsTooLong() {
    FrameTracker tracker = new FrameTracker();
    assertThat(tracker.pass(Unpooled.buffer().writeByte(0x82).writeByte(127).writeLong(-1)))
        .isNull();
    assertThat(tracker.pass(Unpooled.wrappedBuffer(new byte[100_000]))).isNull();

    assertThat(tracker.admitsFrame()).isFalse();
  }
}
