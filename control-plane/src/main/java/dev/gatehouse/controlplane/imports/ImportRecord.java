package dev.gatehouse.controlplane.imports;

import io.vertx.core.buffer.Buffer;

/** One tenant as it stands in an import. */
sealed interface ImportRecord {
  /** The line on which it begins, from 1. */
  long line();

  /**
   * What was there.
   *
   * @param content a JSON document, unless the caller wrote something else
   */
  record Content(long line, Buffer content) implements ImportRecord {
    static Content of(long line, String json) {
      return new Content(line, Buffer.buffer(json));
    }
  }

  /** Nothing that can be read, for this reason. */
  record Unreadable(long line, String fault) implements ImportRecord {}
}
