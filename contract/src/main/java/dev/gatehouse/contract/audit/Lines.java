package dev.gatehouse.contract.audit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The lines of a file, one after the other, each of a bounded length. */
final class Lines implements AutoCloseable {
  /** More than the largest entry: 64 KiB before and as much after, with what is around them. */
  static final int MAX_BYTES = 4 << 20;

  private static final int BUFFER = 1 << 16;

  private final InputStream in;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private long number;

  private Lines(InputStream in) {
    this.in = in;
  }

  static Lines of(Path file) throws IOException {
    return new Lines(new BufferedInputStream(Files.newInputStream(file), BUFFER));
  }

  /** The number of the line that was read last; 1 for the first. */
  long number() {
    return number;
  }

  /**
   * The next line, without its line feed; empty at the end.
   *
   * @throws IllegalArgumentException if it is longer than {@value #MAX_BYTES} bytes
   */
  Optional<byte[]> next() throws IOException {
    line.reset();
    int b = in.read();
    if (b < 0) {
      return Optional.empty();
    }
    number++;
    for (; b >= 0 && b != '\n'; b = in.read()) {
      if (line.size() == MAX_BYTES) {
        throw new IllegalArgumentException("is longer than " + MAX_BYTES + " bytes");
      }
      line.write(b);
    }
    return Optional.of(line.toByteArray());
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
