package dev.gatehouse.contract.audit;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The public keys that a verifier trusts: the answer of {@code GET /v1/audit/keys}, kept in a file
 * that whoever runs the control plane cannot change.
 */
public final class PinnedKeys {
  private static final ObjectMapper JSON = new ObjectMapper();

  private PinnedKeys() {}

  /**
   * Reads them.
   *
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException if it holds something else
   */
  public static List<AuditKey> read(Path file) throws IOException {
    try {
      List<AuditKey> keys = new ArrayList<>();
      for (JsonNode item : JSON.readTree(Files.readAllBytes(file)).path("items")) {
        AuditKey.Algorithm algorithm = AuditKey.Algorithm.of(item.path("algorithm").asText());
        keys.add(AuditKey.of(algorithm, item.path("publicKey").asText()));
      }
      for (AuditKey.Algorithm algorithm : AuditKey.Algorithm.values()) {
        if (keys.stream().noneMatch(key -> key.algorithm() == algorithm)) {
          throw new IllegalArgumentException(
              "%s holds no %s key: save what GET /v1/audit/keys answers"
                  .formatted(file, algorithm.standardName()));
        }
      }
      return List.copyOf(keys);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(file + " is no JSON: " + e.getOriginalMessage(), e);
    }
  }
}
