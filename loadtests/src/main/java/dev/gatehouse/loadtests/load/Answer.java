package dev.gatehouse.loadtests.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One answer as it comes in: expects status 200 and a body of a known length, announced by {@code
 * Content-Length}; or, where that is allowed, status 503 with any body that is not too long. Made
 * once for a connection and used again for each answer.
 */
final class Answer {
  private static final byte[] STATUS = "HTTP/1.1 200".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] REFUSAL = "HTTP/1.1 503".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] LENGTH = "\r\ncontent-length:".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int MAX_HEAD = 8192;

  private final int bodyLength;
  private final boolean mayBeRefusal;
  private final byte[] bytes;
  private int received;
  private int expected;
  private boolean refusal;

  /** One that must be right. */
  Answer(int bodyLength) {
    this(bodyLength, false);
  }

  /**
   * @param bodyLength of a right answer, in bytes
   * @param mayBeRefusal whether status 503 is an answer, too
   */
  Answer(int bodyLength, boolean mayBeRefusal) {
    this.bodyLength = bodyLength;
    this.mayBeRefusal = mayBeRefusal;
    this.bytes = new byte[MAX_HEAD + bodyLength];
  }

  /** Forgets the answer before. */
  void begin() {
    received = 0;
    expected = 0;
    refusal = false;
  }

  /** Whether the status was 503. */
  boolean isRefusal() {
    return refusal;
  }

  /**
   * Takes what has arrived.
   *
   * @return whether the answer is complete
   * @throws WrongAnswerException if it is not the answer expected
   */
  boolean take(ByteBuffer arrived) throws WrongAnswerException {
    if (arrived.remaining() > bytes.length - received) {
      throw new WrongAnswerException("more bytes than the answer may have");
    }
    int scanFrom = Math.max(0, received - HEAD_END.length);
    int count = arrived.remaining();
    arrived.get(bytes, received, count);
    received += count;
    if (expected == 0) {
      int headEnd = indexOf(HEAD_END, scanFrom, received);
      if (headEnd < 0) {
        return false;
      }
      refusal = mayBeRefusal && beginsWith(REFUSAL);
      expected = headEnd + HEAD_END.length + checkedLength(headEnd);
    }
    if (received > expected) {
      throw new WrongAnswerException((received - expected) + " bytes after the answer");
    }
    return received == expected;
  }

  private int checkedLength(int headEnd) throws WrongAnswerException {
    if (!refusal && !beginsWith(STATUS)) {
      throw new WrongAnswerException(
          "expected status 200, found " + new String(bytes, 0, headEnd, StandardCharsets.US_ASCII));
    }
    int length = announcedLength(headEnd);
    if (!refusal && length != bodyLength) {
      throw new WrongAnswerException(
          "expected a body of " + bodyLength + " bytes, found " + length);
    }
    return length;
  }

  private int announcedLength(int headEnd) throws WrongAnswerException {
    int at = indexOf(LENGTH, 0, headEnd);
    if (at < 0) {
      throw new WrongAnswerException("no Content-Length");
    }
    int length = 0;
    for (int i = at + LENGTH.length; i < headEnd && bytes[i] != '\r'; i++) {
      if (bytes[i] != ' ') {
        length = length * 10 + (bytes[i] - '0');
      }
    }
    return length;
  }

  private boolean beginsWith(byte[] text) {
    return Arrays.equals(bytes, 0, text.length, text, 0, text.length);
  }

  /** Finds lower-case text, whatever the case of the letters in the answer. */
  private int indexOf(byte[] text, int from, int to) {
    for (int i = from; i <= to - text.length; i++) {
      int matched = 0;
      while (matched < text.length && lower(bytes[i + matched]) == text[matched]) {
        matched++;
      }
      if (matched == text.length) {
        return i;
      }
    }
    return -1;
  }

  private static int lower(byte b) {
    return b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b;
  }
}
