package dev.gatehouse.controlplane.imports;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Comma-separated values (RFC 4180) in UTF-8, whose first record names the columns. Empty lines are
 * passed over.
 */
final class CsvReader extends RecordReader {
  private enum State {
    FIELD_BEGINS,
    PLAIN,
    QUOTED,
    QUOTE_IN_QUOTED
  }

  private final Consumer<ImportRecord> records;
  private final List<byte[]> fields = new ArrayList<>();
  private Optional<CsvColumns> columns = Optional.empty();
  private State state = State.FIELD_BEGINS;
  private String fault = "";
  private long line = 1;
  private long begin = 1;

  CsvReader(Consumer<ImportRecord> records) {
    this.records = records;
  }

  @Override
  void take(byte b) {
    if (b == '\n') {
      line++;
    }
    switch (state) {
      case QUOTED -> {
        if (b == '"') {
          state = State.QUOTE_IN_QUOTED;
        } else {
          keep(b);
        }
      }
      case QUOTE_IN_QUOTED -> {
        if (b == '"') {
          keep(b);
          state = State.QUOTED;
        } else {
          takePlain(b);
        }
      }
      case FIELD_BEGINS -> {
        if (b == '"') {
          state = State.QUOTED;
        } else {
          takePlain(b);
        }
      }
      case PLAIN -> takePlain(b);
    }
  }

  private void takePlain(byte b) {
    switch (b) {
      case ',' -> endField();
      case '\n' -> endRecord();
      case '\r' -> {} // stands before a line feed
      case '"' -> fault = "holds a quotation mark in a field that is not quoted";
      default -> {
        if (state == State.QUOTE_IN_QUOTED) {
          fault = "holds text behind the closing quotation mark of a field";
        }
        keep(b);
        state = State.PLAIN;
      }
    }
  }

  @Override
  void end() {
    if (state == State.QUOTED) {
      fault = "ends within a quoted field";
    }
    endRecord();
  }

  private void endField() {
    count();
    fields.add(takeKept());
    state = State.FIELD_BEGINS;
  }

  private void endRecord() {
    boolean quotedOnly = state == State.QUOTE_IN_QUOTED;
    endField();
    boolean empty = fields.size() == 1 && fields.getFirst().length == 0 && !quotedOnly;
    if (!empty || !fault.isEmpty()) {
      emit();
    }
    fields.clear();
    recordEnded();
    fault = "";
    begin = line;
  }

  private void emit() {
    Optional<List<String>> texts = texts();
    if (columns.isEmpty()) {
      columns = Optional.of(CsvColumns.named(texts.orElseGet(List::of), fault));
    } else if (!fault.isEmpty() || texts.isEmpty()) {
      records.accept(new ImportRecord.Unreadable(begin, fault.isEmpty() ? "is not UTF-8" : fault));
    } else {
      records.accept(columns.get().record(begin, texts.get()));
    }
  }

  private Optional<List<String>> texts() {
    List<String> texts = new ArrayList<>();
    try {
      for (byte[] field : fields) {
        texts.add(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(field)).toString());
      }
    } catch (CharacterCodingException _) {
      return Optional.empty();
    }
    return Optional.of(texts);
  }
}
