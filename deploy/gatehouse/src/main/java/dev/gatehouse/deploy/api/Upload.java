package dev.gatehouse.deploy.api;

import java.io.FileNotFoundException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * A file that is sent as it is read, however large it is.
 *
 * @param file its name; {@code -} is standard input
 * @param mediaType what it holds
 * @param bytes how many it has; 0 where nobody knows
 */
record Upload(String file, String mediaType, long bytes) {
  private static final String STANDARD_INPUT = "-";

  /**
   * Sees what there is to send.
   *
   * @param type what it holds, such as {@code csv}; the ending of its name says it otherwise
   * @param taken the media types that the operation takes
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if nobody can tell what it holds
   */
  static Upload of(String file, Optional<String> type, List<String> taken) throws IOException {
    String mediaType = mediaType(file, type, taken);
    if (file.equals(STANDARD_INPUT)) {
      return new Upload(file, mediaType, 0);
    }
    Path path = Path.of(file);
    if (!Files.isReadable(path) || Files.isDirectory(path)) {
      throw new FileNotFoundException(
          file + (Files.exists(path) ? " cannot be read" : " does not exist"));
    }
    return new Upload(file, mediaType, Files.isRegularFile(path) ? Files.size(path) : 0);
  }

  private static String mediaType(String file, Optional<String> type, List<String> taken) {
    String name = type.orElse(file.substring(file.lastIndexOf('.') + 1)).toLowerCase(Locale.ROOT);
    String wanted = name.equals("jsonl") ? "ndjson" : name;
    return taken.stream()
        .filter(one -> one.equals(wanted) || shortName(one).equals(wanted))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "What does "
                    + (file.equals(STANDARD_INPUT) ? "standard input" : file)
                    + " hold? Give --type "
                    + String.join(" or ", taken.stream().map(Upload::shortName).toList())
                    + "."));
  }

  /** {@code application/x-ndjson} is {@code ndjson}. */
  static String shortName(String mediaType) {
    return mediaType.replaceFirst(".*/(x-)?", "");
  }

  /**
   * Reads it while it is sent.
   *
   * @param sent is told how many bytes were read so far
   */
  BodyPublisher publisher(LongConsumer sent) {
    BodyPublisher stream = BodyPublishers.ofInputStream(() -> new Counted(open(), sent));
    return bytes == 0 ? stream : BodyPublishers.fromPublisher(stream, bytes);
  }

  private InputStream open() {
    try {
      return file.equals(STANDARD_INPUT) ? System.in : Files.newInputStream(Path.of(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Counted extends FilterInputStream {
    private final LongConsumer sent;
    private long count;

    Counted(InputStream in, LongConsumer sent) {
      super(in);
      this.sent = sent;
    }

    @Override
    public int read() throws IOException {
      int read = super.read();
      count(read < 0 ? -1 : 1);
      return read;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      return count(super.read(buffer, offset, length));
    }

    private int count(int read) {
      if (read > 0) {
        count += read;
        sent.accept(count);
      }
      return read;
    }
  }
}
