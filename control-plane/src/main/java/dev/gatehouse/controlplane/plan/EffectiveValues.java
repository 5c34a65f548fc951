package dev.gatehouse.controlplane.plan;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What holds for a tenant in one part of its document: its own values, where it has none those of
 * its plan, where the plan has none those of the platform. Objects are laid over each other member
 * by member; anything else replaces what lies below.
 *
 * @param platform the defaults of the platform
 * @param plan the defaults of the tenant's plan; empty without one
 * @param own the tenant's overrides
 */
public record EffectiveValues(JsonObject platform, JsonObject plan, JsonObject own) {

  /** The values alone. */
  public JsonObject values() {
    return platform.copy().mergeIn(plan, true).mergeIn(own, true);
  }

  /** Every value with its source, and with what the other sources say. */
  public JsonArray explained() {
    JsonArray items = new JsonArray();
    explain("", values(), items);
    return items;
  }

  private void explain(String pointer, JsonObject values, JsonArray items) {
    for (String name : new TreeSet<>(values.fieldNames())) {
      String here = pointer + "/" + name.replace("~", "~0").replace("/", "~1");
      if (values.getValue(name) instanceof JsonObject inner) {
        explain(here, inner, items);
      } else {
        items.add(explained(here, values.getValue(name)));
      }
    }
  }

  private JsonObject explained(String pointer, @Nullable Object value) {
    JsonObject item = new JsonObject().put("pointer", pointer).put("value", value);
    JsonObject candidates = new JsonObject();
    for (Map.Entry<Source, JsonObject> source : sources().entrySet()) {
      Object said = at(source.getValue(), pointer);
      if (said != null) {
        item.put("source", source.getKey().wireName());
        candidates.put(source.getKey().wireName(), said);
      }
    }
    return item.put("candidates", candidates);
  }

  /** The one that counts most comes last. */
  private Map<Source, JsonObject> sources() {
    Map<Source, JsonObject> sources = new EnumMap<>(Source.class);
    sources.put(Source.PLATFORM, platform);
    sources.put(Source.PLAN, plan);
    sources.put(Source.TENANT, own);
    return sources;
  }

  private static @Nullable Object at(JsonObject document, String pointer) {
    return JsonPointer.from(pointer).queryJson(document);
  }

  /** Where a value comes from. */
  enum Source {
    PLATFORM,
    PLAN,
    TENANT;

    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
