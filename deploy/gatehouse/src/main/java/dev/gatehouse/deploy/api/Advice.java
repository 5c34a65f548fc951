package dev.gatehouse.deploy.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a user may want to do next, in words. */
final class Advice {
  private static final String PROGRAM = "gatehouse ";

  private Advice() {}

  /** For who does not wait for what goes on. */
  static String comeBack(ProgressOperations progress, String name) {
    StringBuilder text = new StringBuilder("It goes on. ");
    progress
        .command("")
        .ifPresent(
            command -> text.append(PROGRAM + command + " " + name + " --follow waits for it"));
    progress
        .command("/cancel")
        .ifPresent(command -> text.append(", " + PROGRAM + command + " " + name + " ends it"));
    return text.append(".").toString();
  }

  /** For who sees that something goes on. */
  static Optional<String> follow(Operation operation, JsonNode document) {
    String state = document.path("state").asText(document.path("status").asText());
    boolean goesOn = List.of("receiving", "running", "pending").contains(state);
    return operation
        .progress()
        .filter(_ -> goesOn && !operation.method().equals("GET"))
        .map(progress -> comeBack(progress, document.path("id").asText()));
  }

  /** What was not done; empty if all was. */
  static Optional<String> incomplete(ProgressOperations progress, String name, JsonNode document) {
    long refused = document.path("refused").asLong();
    List<String> words = new ArrayList<>();
    if (document.path("state").asText().equals("cancelled")) {
      words.add("It was cancelled.");
    }
    if (document.path("state").asText().equals("paused")) {
      words.add("It is paused" + because(document) + ".");
      say(words, progress, "/steps", name + " --state failed", "says what failed where,");
      say(words, progress, "/resume", name, "goes on,");
      say(words, progress, "/cancel", name, "leaves it as it is.");
    }
    if (refused > 0) {
      words.add(refused == 1 ? "1 line was refused." : refused + " lines were refused.");
      progress
          .command("/errors")
          .ifPresent(command -> words.add(PROGRAM + command + " " + name + " says why,"));
      progress
          .command("/errors/export")
          .ifPresent(command ->
              words.add("and " + PROGRAM + command + " " + name + " --to-file FILE as CSV."));
    }
    return words.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", words));
  }

  private static String because(JsonNode document) {
    String reason = document.path("reason").asText("");
    return reason.isEmpty() ? "" : ": " + reason;
  }

  private static void say(
      List<String> words, ProgressOperations progress, String suffix, String what, String does) {
    progress
        .command(suffix)
        .ifPresent(command -> words.add(PROGRAM + command + " " + what + " " + does));
  }
}
