package dev.gatehouse.deploy.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The demo that runs in this directory: what is meant where nothing else is said. */
public final class RunningDemo {
  private static final Path DIRECTORY = Path.of(".gatehouse");
  private static final Path FILE = DIRECTORY.resolve("demo.json");

  private RunningDemo() {}

  /** Where it keeps its files. */
  public static Path directory() {
    return DIRECTORY;
  }

  /**
   * What it says of itself; empty if none runs here.
   *
   * @throws IOException if it cannot be read
   */
  public static Optional<JsonNode> find() throws IOException {
    return Files.isReadable(FILE)
        ? Optional.of(new ObjectMapper().readTree(FILE.toFile()))
        : Optional.empty();
  }
}
