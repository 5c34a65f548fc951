package dev.gatehouse.gateway.compress;

import dev.gatehouse.gateway.bounds.Bound;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * One gzip member (RFC 1952), as it comes. The JDK's deflater holds about 256 KiB outside the heap.
 */
final class GzipCoder {
  /** Less than half of the default level's time, for a tenth more bytes: 9 ms a MiB of JSON. */
  private static final int LEVEL = 2;

  /** Of all event loops together: 256 MiB. */
  @Bound(
      of = "responses that are being compressed",
      unit = "responses",
      atIt = "one more response is not compressed")
  private static final int MOST_OPEN = 1024;

  private static final AtomicInteger OPEN = new AtomicInteger();

  private static final int STEP_BYTES = 8192;
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, Deflater.DEFLATED, 0, 0, 0, 0, 0, 0, -1};

  private final Deflater deflater = new Deflater(LEVEL, true);
  private final CRC32 crc = new CRC32();
  private final byte[] step = new byte[STEP_BYTES];
  private boolean begun;
  private boolean released;

  private GzipCoder() {}

  /** Takes one; empty if there are as many as there may be. It must be finished or released. */
  static Optional<GzipCoder> open() {
    if (OPEN.incrementAndGet() > MOST_OPEN) {
      OPEN.decrementAndGet();
      return Optional.empty();
    }
    return Optional.of(new GzipCoder());
  }

  /**
   * Takes a piece.
   *
   * @param flush whether all of it must come out
   */
  Buffer write(Buffer piece, boolean flush) {
    byte[] bytes = piece.getBytes();
    crc.update(bytes);
    deflater.setInput(bytes);
    Buffer out = begin();
    drain(out, flush ? Deflater.SYNC_FLUSH : Deflater.NO_FLUSH);
    return out;
  }

  /** The end of the member. */
  Buffer finish() {
    Buffer out = begin();
    deflater.finish();
    while (!deflater.finished()) {
      append(out, deflater.deflate(step));
    }
    out.appendIntLE((int) crc.getValue()).appendIntLE((int) deflater.getBytesRead());
    release();
    return out;
  }

  /** Lets go of the memory; may be called again. */
  void release() {
    if (!released) {
      released = true;
      OPEN.decrementAndGet();
      deflater.end();
    }
  }

  private Buffer begin() {
    Buffer out = Buffer.buffer();
    if (!begun) {
      begun = true;
      out.appendBytes(HEADER);
    }
    return out;
  }

  private void drain(Buffer out, int mode) {
    int produced;
    do {
      produced = deflater.deflate(step, 0, step.length, mode);
      append(out, produced);
    } while (produced == step.length || !deflater.needsInput());
  }

  private void append(Buffer out, int bytes) {
    out.appendBytes(step, 0, bytes);
  }
}
