package dev.gatehouse.deploy.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * One operation of the API's document, as far as the command line is concerned.
 *
 * @param noun what it is about, the first word of the command: {@code tenant}
 * @param verb what it does, the second word: {@code suspend}
 * @param method of HTTP
 * @param path with its parameters in braces
 * @param summary one line
 * @param description more lines; empty where the summary says all
 * @param parameters of the path, in their order, and of the query
 * @param headers that it knows
 * @param body what it takes; empty if it takes none, or a file
 * @param uploads the media types of a file that it takes; empty if it takes none
 * @param exports whether it answers with no document, but with what is passed on as it comes
 * @param columns what a table of its items shows, as dotted paths; empty for all plain values
 * @param progress how to see how far it is what it begins or shows; empty where that is done at
 *     once
 */
record Operation(
    String noun,
    String verb,
    String method,
    String path,
    String summary,
    String description,
    List<Parameter> parameters,
    Set<String> headers,
    Optional<Body> body,
    List<String> uploads,
    boolean exports,
    List<String> columns,
    Optional<ProgressOperations> progress) {

  /** The command, without the program's name: {@code tenant suspend}. */
  String command() {
    return noun + " " + verb;
  }

  /** Whether it answers page by page. */
  boolean isPaged() {
    return parameters.stream().anyMatch(parameter -> parameter.name().equals("cursor"));
  }

  /** Whether it knows {@code If-Match}. */
  boolean takesVersion() {
    return headers.contains("If-Match");
  }

  /** Whether it knows {@code Prefer: wait}. */
  boolean reachesTheEdge() {
    return headers.contains("Prefer");
  }

  /** Whether it knows {@code Idempotency-Key}. */
  boolean isRepeatable() {
    return headers.contains("Idempotency-Key");
  }

  /** Whether what it does cannot be taken back. */
  boolean destroys() {
    return method.equals("DELETE");
  }

  /** The parameters that stand in the path, in their order. */
  List<Parameter> inPath() {
    return parameters.stream().filter(parameter -> parameter.in().equals("path")).toList();
  }

  /** The parameters that stand in the query, but for those of the paging itself. */
  List<Parameter> inQuery() {
    return parameters.stream()
        .filter(parameter -> parameter.in().equals("query") && !parameter.name().equals("cursor"))
        .toList();
  }

  /**
   * A parameter.
   *
   * @param in {@code path} or {@code query}
   * @param values that it can have; empty where they cannot be counted
   */
  record Parameter(
      String name, String in, boolean required, List<String> values, String description) {
    /** Whether to name it is to say yes. */
    boolean isFlag() {
      return values.contains("") && values.contains("true");
    }
  }

  /**
   * A body.
   *
   * @param mediaType its {@code Content-Type}
   * @param required whether the operation needs one
   * @param fields that it can have at its top
   */
  record Body(String mediaType, boolean required, List<Field> fields) {
    /** Whether its members change those that are there, and null takes one away (RFC 7396). */
    boolean isPatch() {
      return mediaType.equals("application/merge-patch+json");
    }
  }

  /**
   * A field at the top of a body.
   *
   * @param type as JSON Schema calls it; {@code object} where the document does not say
   * @param required whether a body without it is refused
   * @param values that it can have; empty where they cannot be counted
   */
  record Field(
      String name, String type, boolean required, List<String> values, String description) {}

  /** The words of a name such as {@code listApiKeys}, in lower case. */
  static List<String> wordsOf(String operationId) {
    List<String> words = new ArrayList<>();
    for (String word : operationId.split("(?=[A-Z])", -1)) {
      words.add(word.toLowerCase(Locale.ROOT));
    }
    return words;
  }

  /** A text of the document; empty where it has none. */
  static String text(JsonNode node, String field) {
    return node.path(field).asText("").strip();
  }
}
