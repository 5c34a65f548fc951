package dev.gatehouse.deploy.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.PrintWriter;
import java.util.List;

/** How answers are shown. */
enum Output {
  TABLE,
  JSON,
  YAML;

  private static final YAMLMapper YAML_MAPPER =
      new YAMLMapper(
          YAMLMapper.builder()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
              .build());

  /**
   * Prints an answer.
   *
   * @param columns that a table of its items has, see {@link Operation#columns()}
   */
  void print(JsonNode answer, List<String> columns, PrintWriter out) {
    switch (this) {
      case TABLE -> {
        if (ExplanationText.isOne(answer)) {
          new ExplanationText(out).print(answer);
        } else {
          Table.of(answer, columns).print(out);
        }
      }
      case JSON -> out.println(answer.toPrettyString());
      case YAML -> out.print(yaml(answer));
    }
    out.flush();
  }

  private static String yaml(JsonNode answer) {
    try {
      return YAML_MAPPER.writeValueAsString(answer);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree has a YAML text", e);
    }
  }
}
