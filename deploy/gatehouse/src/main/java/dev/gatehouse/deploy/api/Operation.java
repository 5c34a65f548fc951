package dev.gatehouse.deploy.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

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
 * @param body what it takes; empty if it takes none
 * @param takesVersion whether it knows {@code If-Match}
 * @param reachesTheEdge whether it knows {@code Prefer: wait}
 * @param repeatable whether it knows {@code Idempotency-Key}
 * @param streams whether it answers with lines that are passed on as they come
 */
record Operation(
    String noun,
    String verb,
    String method,
    String path,
    String summary,
    String description,
    List<Parameter> parameters,
    Optional<Body> body,
    boolean takesVersion,
    boolean reachesTheEdge,
    boolean repeatable,
    boolean streams) {

  /** Whether it answers page by page. */
  boolean isPaged() {
    return parameters.stream().anyMatch(parameter -> parameter.name().equals("cursor"));
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
   */
  record Parameter(String name, String in, boolean required, String description) {}

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
   */
  record Field(String name, String type, boolean required, String description) {}

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
