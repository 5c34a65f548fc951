package dev.gatehouse.deploy.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The body of a request out of a file and single values: first the file, then what is set, then
 * what is unset.
 */
final class BodyOptions {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final ObjectNode body;

  private BodyOptions(ObjectNode body) {
    this.body = body;
  }

  /**
   * Begins with a file, or with nothing.
   *
   * @param file YAML or JSON; {@code -} is standard input
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if it does not hold an object
   */
  static BodyOptions of(Optional<String> file) throws IOException {
    if (file.isEmpty()) {
      return new BodyOptions(JsonNodeFactory.instance.objectNode());
    }
    JsonNode read;
    try (InputStream in =
        file.get().equals("-") ? System.in : Files.newInputStream(Path.of(file.get()))) {
      read = new YAMLMapper().readTree(in);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          file.get() + " is neither YAML nor JSON: " + e.getOriginalMessage(), e);
    }
    if (!(read instanceof ObjectNode object)) {
      throw new IllegalArgumentException(file.get() + " must hold an object");
    }
    return new BodyOptions(object);
  }

  /** Sets a field at the top. What is no JSON is a text. */
  void set(String name, String type, List<String> values) {
    if (type.equals("array")) {
      values.forEach(value -> body.withArray("/" + name).add(value(value)));
    } else {
      String value = values.getLast();
      body.set(name, type.equals("string") ? TextNode.valueOf(value) : value(value));
    }
  }

  /**
   * Sets a field at any depth.
   *
   * @param assignment {@code limits.burst=20}; a name that holds dots is written as a JSON pointer,
   *     {@code /limits/custom/a.b=1}
   * @throws IllegalArgumentException if it has another form
   */
  void set(String assignment) {
    int sign = assignment.indexOf('=');
    if (sign < 1) {
      throw new IllegalArgumentException(
          "must have the form name.name=value, found \"" + assignment + "\"");
    }
    put(assignment.substring(0, sign), value(assignment.substring(sign + 1)));
  }

  /** Says that a field is to be taken away (RFC 7396). */
  void unset(String path) {
    put(path, JsonNodeFactory.instance.nullNode());
  }

  private void put(String path, JsonNode value) {
    List<String> names = namesOf(path);
    ObjectNode here = body;
    for (String name : names.subList(0, names.size() - 1)) {
      here = here.get(name) instanceof ObjectNode inner ? inner : here.putObject(name);
    }
    here.set(names.getLast(), value);
  }

  private static List<String> namesOf(String path) {
    if (!path.startsWith("/")) {
      return List.of(path.split("\\.", -1));
    }
    return List.of(path.substring(1).split("/", -1)).stream()
        .map(token -> token.replace("~1", "/").replace("~0", "~"))
        .toList();
  }

  private static JsonNode value(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return TextNode.valueOf(text);
    }
  }

  /** Whether nothing was said. */
  boolean isEmpty() {
    return body.isEmpty();
  }

  /** As it is sent. */
  String text() {
    return body.toString();
  }
}
