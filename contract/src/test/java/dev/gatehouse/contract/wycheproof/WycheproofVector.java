package dev.gatehouse.contract.wycheproof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * One vector.
 *
 * @param file where it stands
 * @param group what it shares with those around it
 * @param test what is its own
 */
public record WycheproofVector(String file, JsonNode group, JsonNode test) {
  /** The environment variable that names the folder with the vectors. */
  public static final String FOLDER = "GATEHOUSE_WYCHEPROOF";

  private static final JsonMapper JSON = new JsonMapper();

  /** All vectors of a file, in its order. */
  public static Stream<WycheproofVector> allOf(String file) {
    JsonNode document;
    try {
      document = JSON.readTree(Path.of(System.getenv(FOLDER)).resolve(file).toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(FOLDER + " names no folder with the vectors", e);
    }
    return StreamSupport.stream(document.required("testGroups").spliterator(), false)
        .flatMap(group ->
            StreamSupport.stream(group.required("tests").spliterator(), false)
                .map(test -> new WycheproofVector(file, group, test)));
  }

  /** Bytes of its own. */
  public byte[] bytes(String field) {
    return HexFormat.of().parseHex(test.required(field).asText());
  }

  /** A number of its group: most often a length in bits. */
  public int size(String field) {
    return group.required(field).asInt();
  }

  /** Whether it must be accepted. */
  public boolean isValid() {
    return test.required("result").asText().equals("valid");
  }

  /** Whether it may be accepted or refused; all others must be the one or the other. */
  public boolean mayBeEither() {
    return test.required("result").asText().equals("acceptable");
  }

  @Override
  public String toString() {
    return "%s %d %s"
        .formatted(file, test.required("tcId").asInt(), test.required("comment").asText());
  }
}
