package dev.gatehouse.controlplane.api;

import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the API answers when all went well.
 *
 * @param status 200, 201, 202 or 204
 * @param body none with 204
 * @param location where a new resource is found
 * @param version of the resource in the body; becomes its entity tag
 * @param revision at which the edge knows of the change
 */
public record Answer(
    int status,
    Optional<JsonObject> body,
    Optional<String> location,
    OptionalLong version,
    OptionalLong revision) {

  /** 200 with a body. */
  public static Answer ok(JsonObject body) {
    return new Answer(
        200, Optional.of(body), Optional.empty(), OptionalLong.empty(), OptionalLong.empty());
  }

  /** 201 with the new resource. */
  public static Answer created(String location, JsonObject body) {
    return new Answer(
        201, Optional.of(body), Optional.of(location), OptionalLong.empty(), OptionalLong.empty());
  }

  /** 202 with the resource, of which something is done now. */
  public static Answer accepted(JsonObject body) {
    return new Answer(
        202, Optional.of(body), Optional.empty(), OptionalLong.empty(), OptionalLong.empty());
  }

  /** 204. */
  public static Answer noContent() {
    return new Answer(
        204, Optional.empty(), Optional.empty(), OptionalLong.empty(), OptionalLong.empty());
  }

  /** The same with the version of the resource. */
  public Answer withVersion(long newVersion) {
    return new Answer(status, body, location, OptionalLong.of(newVersion), revision);
  }

  /** The same with the revision of the change. */
  public Answer atRevision(long newRevision) {
    return new Answer(status, body, location, version, OptionalLong.of(newRevision));
  }

  /** For keeping; {@link #fromJson} reads it back. */
  JsonObject toJson() {
    JsonObject json = new JsonObject().put("status", status);
    body.ifPresent(b -> json.put("body", b));
    location.ifPresent(l -> json.put("location", l));
    version.ifPresent(v -> json.put("version", v));
    revision.ifPresent(r -> json.put("revision", r));
    return json;
  }

  static Answer fromJson(JsonObject json) {
    return new Answer(
        json.getInteger("status"),
        Optional.ofNullable(json.getJsonObject("body")),
        Optional.ofNullable(json.getString("location")),
        optionalLong(json, "version"),
        optionalLong(json, "revision"));
  }

  private static OptionalLong optionalLong(JsonObject json, String name) {
    return json.containsKey(name) ? OptionalLong.of(json.getLong(name)) : OptionalLong.empty();
  }
}
