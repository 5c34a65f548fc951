package dev.gatehouse.controlplane.imports;

import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;

/** One JSON document a line; empty lines are passed over. */
final class NdjsonReader extends RecordReader {
  private final Consumer<ImportRecord> records;
  private long line = 1;

  NdjsonReader(Consumer<ImportRecord> records) {
    this.records = records;
  }

  @Override
  void take(byte b) {
    if (b == '\n') {
      emit();
      line++;
    } else {
      keep(b);
    }
  }

  @Override
  void end() {
    emit();
  }

  private void emit() {
    byte[] content = takeKept();
    recordEnded();
    for (byte b : content) {
      if (b != ' ' && b != '\t' && b != '\r') {
        records.accept(new ImportRecord.Content(line, Buffer.buffer(content)));
        return;
      }
    }
  }
}
