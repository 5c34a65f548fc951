package dev.gatehouse.loadtests.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Encoded requests in rotation, in one buffer outside the heap. One thread. */
public final class Requests {
  private final ByteBuffer bytes;
  private final int[] offsets;
  private int next;

  private Requests(ByteBuffer bytes, int[] offsets) {
    this.bytes = bytes;
    this.offsets = offsets;
  }

  /**
   * Encodes requests.
   *
   * @param texts whole HTTP/1.1 requests, sent in this order, then again from the first
   * @throws IllegalArgumentException if there is none
   */
  public static Requests of(List<String> texts) {
    if (texts.isEmpty()) {
      throw new IllegalArgumentException("at least one request is needed");
    }
    int[] offsets = new int[texts.size() + 1];
    for (int i = 0; i < texts.size(); i++) {
      offsets[i + 1] = offsets[i] + texts.get(i).length();
    }
    ByteBuffer bytes = ByteBuffer.allocateDirect(offsets[texts.size()]);
    texts.forEach(text -> bytes.put(text.getBytes(StandardCharsets.US_ASCII)));
    return new Requests(bytes, offsets);
  }

  /** A view for {@link #turn}: one for each connection, so that none is made for a request. */
  ByteBuffer view() {
    return bytes.duplicate();
  }

  /** Sets a view to the next request. */
  void turn(ByteBuffer view) {
    view.limit(offsets[next + 1]).position(offsets[next]);
    next = next + 1 == offsets.length - 1 ? 0 : next + 1;
  }
}
