package dev.gatehouse.controlplane.imports;

import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;

/** Finds the records in the bytes of an import, as they come. One thread. */
abstract sealed class RecordReader permits CsvReader, NdjsonReader {
  /** Bytes that a record may have. */
  static final int MAX_RECORD = 64 << 10;

  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private int recordBytes;

  /**
   * The reader for a media type.
   *
   * @param records is given each record as soon as it is complete
   */
  static RecordReader of(String mediaType, Consumer<ImportRecord> records) {
    return mediaType.equals("text/csv") ? new CsvReader(records) : new NdjsonReader(records);
  }

  /**
   * Takes the next bytes.
   *
   * @throws ProblemException {@code BODY_TOO_LARGE} where a record is too long, {@code
   *     INVALID_BODY} where nothing that follows can be read either
   */
  final void read(byte[] bytes) {
    for (byte b : bytes) {
      take(b);
    }
  }

  /** One byte more. */
  abstract void take(byte b);

  /** There are no more bytes. */
  abstract void end();

  final void keep(byte b) {
    count();
    kept.write(b);
  }

  /** One byte of the record, whether it is kept or not: a field that is empty takes memory, too. */
  final void count() {
    if (recordBytes == MAX_RECORD) {
      throw new ProblemException(
          Problem.BODY_TOO_LARGE, "a line of an import must have at most 64 KiB");
    }
    recordBytes++;
  }

  /** What was kept; from now on there is nothing. */
  final byte[] takeKept() {
    byte[] bytes = kept.toByteArray();
    kept.reset();
    return bytes;
  }

  /** The next byte is the first of another record. */
  final void recordEnded() {
    recordBytes = 0;
  }
}
