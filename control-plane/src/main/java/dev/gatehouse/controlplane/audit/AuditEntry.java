package dev.gatehouse.controlplane.audit;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.UUID;

/**
 * An entry as it stands in its chain.
 *
 * @param content in canonical form, as it was hashed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record AuditEntry(UUID chain, long sequence, Instant at, String content, byte[] hash) {
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  JsonObject toJson() {
    return new JsonObject(line());
  }

  /** A line of an export. The content goes out as it is: what was hashed is what is read. */
  String line() {
    return "{\"chain\":\"%s\",\"sequence\":%d,\"time\":\"%s\",\"entry\":%s,\"hash\":\"%s\"}"
        .formatted(chain, sequence, MICROS.format(at), content, HexFormat.of().formatHex(hash));
  }
}
