package dev.gatehouse.controlplane.api;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * Puts the OpenAPI document together from its parts: one file for each feature, with its paths and
 * the components that only it uses, and one for what they share.
 */
final class DocumentParts {
  private static final String FOLDER = "/openapi/";
  private static final String SHARED = "document";

  /** Of what is said twice, the first would be lost without a word. */
  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** In the order in which a reader sees them. */
  private static final List<String> FEATURES =
      List.of(
          "tenants",
          "lifecycle",
          "imports",
          "plans",
          "partitions",
          "blueprints",
          "billing",
          "usage",
          "usage-reports",
          "health",
          "analytics",
          "domains",
          "certificates",
          "api-keys",
          "keys",
          "key-encryption-keys",
          "identity-providers",
          "client-authorities",
          "introspection",
          "forward-auth",
          "members",
          "users",
          "services",
          "endpoints",
          "routes",
          "tokens",
          "audit",
          "edge",
          "explain",
          "process");

  private DocumentParts() {}

  /**
   * Reads and joins them.
   *
   * @throws IllegalStateException if a part is missing, or two say the same thing
   */
  static JsonObject join() {
    JsonObject document = read(SHARED);
    JsonObject paths = new JsonObject();
    JsonObject components = document.getJsonObject("components");
    for (String feature : FEATURES) {
      JsonObject part = read(feature);
      addAll(part.getJsonObject("paths"), paths, feature);
      for (Map.Entry<String, Object> kind : part.getJsonObject("components", new JsonObject())) {
        if (!components.containsKey(kind.getKey())) {
          components.put(kind.getKey(), new JsonObject());
        }
        addAll((JsonObject) kind.getValue(), components.getJsonObject(kind.getKey()), feature);
      }
    }
    document.remove("components");
    return document.put("paths", paths).put("components", components);
  }

  private static void addAll(JsonObject from, JsonObject to, String part) {
    from.forEach(member -> {
      if (to.containsKey(member.getKey())) {
        throw new IllegalStateException(part + ".yaml says " + member.getKey() + " once more");
      }
      to.put(member.getKey(), member.getValue());
    });
  }

  private static JsonObject read(String part) {
    String name = FOLDER + part + ".yaml";
    try (InputStream in = DocumentParts.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the class path");
      }
      Map<String, Object> tree = YAML.readValue(in, new TypeReference<>() {});
      return new JsonObject(tree);
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }
}
