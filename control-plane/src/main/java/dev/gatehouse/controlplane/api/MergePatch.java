package dev.gatehouse.controlplane.api;

import io.vertx.core.json.JsonObject;

/** JSON Merge Patch (RFC 7396). */
final class MergePatch {
  /** Its media type. */
  static final String MEDIA_TYPE = "application/merge-patch+json";

  private MergePatch() {}

  /** The target with the patch applied; neither argument is changed. */
  static JsonObject apply(JsonObject target, JsonObject patch) {
    JsonObject result = target.copy();
    for (String name : patch.fieldNames()) {
      Object value = patch.getValue(name);
      if (value == null) {
        result.remove(name);
      } else if (value instanceof JsonObject nested) {
        Object current = result.getValue(name);
        result.put(name, apply(current instanceof JsonObject o ? o : new JsonObject(), nested));
      } else {
        result.put(name, value);
      }
    }
    return result;
  }
}
