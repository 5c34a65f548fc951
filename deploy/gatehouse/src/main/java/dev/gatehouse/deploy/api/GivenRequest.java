package dev.gatehouse.deploy.api;

import static dev.gatehouse.deploy.api.ApiCommands.given;
import static dev.gatehouse.deploy.api.ApiCommands.hasOption;
import static dev.gatehouse.deploy.api.ApiCommands.optionName;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.deploy.api.Operation.Field;
import dev.gatehouse.deploy.api.Operation.Parameter;
import java.io.IOException;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/**
 * The request that a user's arguments ask for.
 *
 * @param arguments as they were given
 */
record GivenRequest(Operation operation, ParseResult arguments) {
  /** Path and query, but for the place in a list. */
  String path() {
    return path("");
  }

  /** Path and query of a page. */
  String path(String cursor) {
    String path = operation.path();
    for (int i = 0; i < operation.inPath().size(); i++) {
      path = path.replace("{" + operation.inPath().get(i).name() + "}", encoded(name(i)));
    }
    StringBuilder query = new StringBuilder();
    for (Parameter parameter : operation.inQuery()) {
      given(arguments, optionName(parameter.name()))
          .ifPresent(value -> append(query, parameter.name(), value));
    }
    if (!cursor.isEmpty()) {
      append(query, "cursor", cursor);
    }
    return path + query;
  }

  /** What the last parameter of the path names; empty if there is none. */
  String lastName() {
    return operation.inPath().isEmpty() ? "" : name(operation.inPath().size() - 1);
  }

  private String name(int index) {
    return arguments.matchedPositionalValue(index, "");
  }

  private static void append(StringBuilder query, String name, String value) {
    query.append(query.isEmpty() ? '?' : '&').append(name).append('=').append(encoded(value));
  }

  /** Empty if the operation takes none, or the user said nothing for it. */
  String body() throws IOException {
    if (operation.body().isEmpty()) {
      return "";
    }
    Operation.Body taken = operation.body().get();
    BodyOptions body = BodyOptions.of(given(arguments, "--file"));
    for (Field field : taken.fields()) {
      List<String> values = hasOption(field) ? valuesOf(field) : List.of();
      if (!values.isEmpty()) {
        body.set(field.name(), field.type(), values);
      }
    }
    all("--set").forEach(body::set);
    all("--unset").forEach(body::unset);
    return body.isEmpty() && !taken.required() ? "" : body.text();
  }

  private List<String> valuesOf(Field field) {
    String option = optionName(field.name());
    return field.type().equals("array")
        ? all(option)
        : given(arguments, option).map(List::of).orElse(List.of());
  }

  private List<String> all(String option) {
    return arguments.hasMatchedOption(option)
        ? arguments.matchedOptionValue(option, List.of())
        : List.of();
  }

  Map<String, String> headers() {
    Map<String, String> headers = new LinkedHashMap<>();
    operation.body().ifPresent(body -> headers.put("Content-Type", body.mediaType()));
    given(arguments, "--if-match").ifPresent(tag -> headers.put("If-Match", tag));
    given(arguments, "--idempotency-key").ifPresent(key -> headers.put("Idempotency-Key", key));
    if (operation.reachesTheEdge()) {
      int seconds = arguments.matchedOptionValue("--wait", 5);
      if (seconds > 0) {
        headers.put("Prefer", "wait=" + seconds);
      }
    }
    return headers;
  }

  /**
   * The file that is sent.
   *
   * @throws IllegalArgumentException if nobody can tell what it holds
   */
  Upload upload() throws IOException {
    return Upload.of(
        given(arguments, "--file").orElseThrow(), given(arguments, "--type"), operation.uploads());
  }

  /** A text as a part of a path or a query. */
  static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  /** Whether the user wants to see it through. */
  boolean follows() {
    return operation.progress().isPresent()
        && (operation.uploads().isEmpty()
            ? arguments.hasMatchedOption("--follow")
            : !arguments.hasMatchedOption("--no-wait"));
  }

  /** Where an export goes; empty for standard output. */
  Optional<String> target() {
    return given(arguments, "--to-file");
  }
}
