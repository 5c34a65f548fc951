package dev.gatehouse.controlplane.api;

import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * What the API answers when all went well.
 *
 * @param status 200, 201, 202 or 204
 * @param body none with 204
 * @param location where a new resource is found
 * @param version of the resource in the body; becomes its entity tag
 * @param revision at which the edge knows of the change
 * @param change what the audit trail is told besides
 */
public record Answer(
    int status,
    Optional<JsonObject> body,
    Optional<String> location,
    OptionalLong version,
    OptionalLong revision,
    Change change) {

  /**
   * What a change did, as far as the answer itself does not say it.
   *
   * @param tenant whose it was, where the path does not name it
   * @param before the resource as it was; empty if there was none
   */
  public record Change(Optional<UUID> tenant, Optional<JsonObject> before) {
    private static final Change NONE = new Change(Optional.empty(), Optional.empty());
  }

  private Answer(int status, Optional<JsonObject> body, Optional<String> location) {
    this(status, body, location, OptionalLong.empty(), OptionalLong.empty(), Change.NONE);
  }

  /** 200 with a body. */
  public static Answer ok(JsonObject body) {
    return new Answer(200, Optional.of(body), Optional.empty());
  }

  /** 201 with the new resource. */
  public static Answer created(String location, JsonObject body) {
    return new Answer(201, Optional.of(body), Optional.of(location));
  }

  /** 202 with the resource that shows how far it is. */
  public static Answer accepted(String location, JsonObject body) {
    return new Answer(202, Optional.of(body), Optional.of(location));
  }

  /** 202 with the resource, of which something is done now. */
  public static Answer accepted(JsonObject body) {
    return new Answer(202, Optional.of(body), Optional.empty());
  }

  /** 204. */
  public static Answer noContent() {
    return new Answer(204, Optional.empty(), Optional.empty());
  }

  /** The same with the version of the resource. */
  public Answer withVersion(long newVersion) {
    return new Answer(status, body, location, OptionalLong.of(newVersion), revision, change);
  }

  /** The same with the revision of the change. */
  public Answer atRevision(long newRevision) {
    return new Answer(status, body, location, version, OptionalLong.of(newRevision), change);
  }

  /** The same for the audit trail of a tenant that the path does not name. */
  public Answer onTenant(UUID tenant) {
    return changing(new Change(Optional.of(tenant), change.before()));
  }

  /** The same with the resource as it was before the change, for the audit trail. */
  public Answer replacing(JsonObject before) {
    return changing(new Change(change.tenant(), Optional.of(before)));
  }

  private Answer changing(Change newChange) {
    return new Answer(status, body, location, version, revision, newChange);
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
        optionalLong(json, "revision"),
        Change.NONE);
  }

  private static OptionalLong optionalLong(JsonObject json, String name) {
    return json.containsKey(name) ? OptionalLong.of(json.getLong(name)) : OptionalLong.empty();
  }
}
