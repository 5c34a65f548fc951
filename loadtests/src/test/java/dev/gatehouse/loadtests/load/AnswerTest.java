package dev.gatehouse.loadtests.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class AnswerTest {
  private static final byte[] BYTES =
      "HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 10\r\nDate: now\r\n\r\n0123456789"
          .getBytes(StandardCharsets.US_ASCII);

  /** The number of the repetition is the seed. */
  @RepeatedTest(50)
  void isCompleteAtItsLastByteHoweverItArrives(RepetitionInfo repetition)
      throws WrongAnswerException {
    Random random = new Random(repetition.getCurrentRepetition());
    Answer answer = new Answer(10);
    answer.begin();
    int at = 0;
    while (at < BYTES.length) {
      int length = 1 + random.nextInt(BYTES.length - at);
      boolean complete = answer.take(ByteBuffer.wrap(BYTES, at, length));
      at += length;
      assertThat(complete).isEqualTo(at == BYTES.length);
    }
  }

  @Test
  void takesARefusalOfAnyLengthWhereThatIsAllowed() throws WrongAnswerException {
    byte[] refusal =
        "HTTP/1.1 503 Busy\r\nContent-Length: 3\r\n\r\nno!".getBytes(StandardCharsets.US_ASCII);
    Answer answer = new Answer(10, true);
    answer.begin();
    assertThat(answer.take(ByteBuffer.wrap(refusal))).isTrue();
    assertThat(answer.isRefusal()).isTrue();

    answer.begin();
    assertThat(answer.take(ByteBuffer.wrap(BYTES))).isTrue();
    assertThat(answer.isRefusal()).isFalse();
  }

  @Test
  void takesNoRefusalElsewhere() {
    byte[] refusal =
        "HTTP/1.1 503 Busy\r\nContent-Length: 10\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    Answer answer = new Answer(10);
    answer.begin();
    assertThatThrownBy(() -> answer.take(ByteBuffer.wrap(refusal))).hasMessageContaining("503");
  }
}
