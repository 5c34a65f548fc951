package dev.gatehouse.deploy.config;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a configuration record from YAML. Keys are the names of the record's components; groups are
 * records. <code>${NAME}</code> and <code>${NAME:default}</code> within a value stand for an
 * environment variable; durations are written {@code 500ms}, {@code 2s}, {@code 1m}, {@code 1h}.
 * Unknown keys are faults; everything that is wrong is reported at once. A setting that is not
 * written has its default: see {@link Defaults}.
 */
public final class ConfigReader {
  private static final int MAX_BYTES = 1 << 20;
  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());

  private final Map<String, String> environment;

  /**
   * @param environment the variables that placeholders stand for, usually {@link System#getenv()}
   */
  public ConfigReader(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /**
   * Reads a file of at most 1 MiB.
   *
   * @throws ConfigException if it cannot be read or something in it is wrong
   */
  public <T extends Record> T read(Path file, Class<T> type) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw fault(file.toString(), "is longer than %d bytes".formatted(MAX_BYTES));
      }
      return parse(file.toString(), Files.readString(file), type);
    } catch (NoSuchFileException e) {
      throw fault(file.toString(), "there is no such file");
    } catch (IOException e) {
      throw fault(file.toString(), "cannot be read: " + e.getMessage());
    }
  }

  /**
   * Reads a text.
   *
   * @param source what to call it in messages
   * @throws ConfigException if something in it is wrong
   */
  public <T extends Record> T parse(String source, String text, Class<T> type) {
    RecordBinder binder = new RecordBinder(new Placeholders(environment));
    Optional<T> bound = binder.bind(tree(source, text), type, "");
    if (bound.isEmpty() || !binder.faults().isEmpty()) {
      throw new ConfigException(source, binder.faults());
    }
    return bound.get();
  }

  private static JsonNode tree(String source, String text) {
    try {
      return YAML.readTree(text);
    } catch (JacksonException e) {
      throw fault(
          source,
          "is not YAML: line %d: %s"
              .formatted(
                  e.getLocation().getLineNr(),
                  e.getOriginalMessage().lines().findFirst().orElse("")));
    }
  }

  private static ConfigException fault(String source, String problem) {
    return new ConfigException(source, List.of(new ConfigFault("", problem)));
  }
}
