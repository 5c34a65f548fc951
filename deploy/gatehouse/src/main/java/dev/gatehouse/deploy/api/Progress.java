package dev.gatehouse.deploy.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/**
 * How far something is.
 *
 * @param done so much of it
 * @param of so much there is to do; 0 where nobody knows
 * @param words for people
 */
record Progress(long done, long of, String words) {
  private static final double MIB = 1 << 20;

  /** Bytes that go over the network. */
  static Progress ofBytes(String what, long done, long of) {
    String words =
        of == 0
            ? String.format(Locale.ROOT, "%s %.1f MiB", what, done / MIB)
            : String.format(Locale.ROOT, "%s %.1f of %.1f MiB", what, done / MIB, of / MIB);
    return new Progress(done, of, words);
  }

  /** What the control plane says of an import, a rollout, or of a tenant's provisioning. */
  static Progress of(JsonNode document) {
    if (document.has("steps")) {
      return ofSteps(document);
    }
    return document.has("currentWave") ? ofPlaces(document) : ofLines(document);
  }

  private static Progress ofPlaces(JsonNode document) {
    long done = document.path("done").asLong();
    long failed = document.path("failed").asLong();
    long total = document.path("total").asLong();
    String words = "%d of %d places".formatted(done, total);
    return new Progress(
        done + failed, total, failed == 0 ? words : words + ", " + failed + " failed");
  }

  private static Progress ofLines(JsonNode document) {
    long lines = document.path("lines").asLong();
    long processed = document.path("processed").asLong();
    long refused = document.path("refused").asLong();
    String words = "%d of %d lines".formatted(processed, lines);
    return new Progress(
        processed, lines, refused == 0 ? words : words + ", " + refused + " refused");
  }

  private static Progress ofSteps(JsonNode document) {
    long done = document.path("done").asLong();
    long total = document.path("total").asLong();
    String words =
        document
            .path("steps")
            .valueStream()
            .filter(step -> !step.path("state").asText().equals("done"))
            .findFirst()
            .map(Progress::wordsOf)
            .orElse("done");
    return new Progress(done, total, "%d of %d steps, %s".formatted(done, total, words));
  }

  private static String wordsOf(JsonNode step) {
    String name = step.path("name").asText();
    String error = step.path("error").asText("");
    return error.isEmpty() ? name : name + ": " + error;
  }

  /** Whether what a document tells of goes on no more, by itself at least. */
  static boolean hasEnded(JsonNode document) {
    String state = document.path("state").asText();
    return document.has("endedAt") || state.equals("done") || state.equals("paused");
  }

  /** From 0 to 100; 0 where nobody knows. */
  int percent() {
    return of == 0 ? 0 : (int) Math.min(100, done * 100 / of);
  }
}
