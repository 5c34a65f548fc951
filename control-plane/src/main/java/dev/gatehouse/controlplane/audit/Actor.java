package dev.gatehouse.controlplane.audit;

import dev.gatehouse.controlplane.api.Caller;
import java.util.Map;
import java.util.UUID;

/**
 * Who did it.
 *
 * @param kind what the id is of: {@code token}, {@code user}, {@code gateway} or {@code system}
 * @param id by which it is found
 * @param name what it is called
 */
public record Actor(String kind, String id, String name) {
  /** The control plane itself: what is due, and what its jobs do. */
  public static final Actor SYSTEM = new Actor("system", "control-plane", "control plane");

  /** A part of it that has a name. */
  public static Actor system(String name) {
    return new Actor("system", "control-plane", name);
  }

  /** Nobody who is known. */
  static final Actor UNKNOWN = new Actor("unknown", "", "");

  /** Who calls the API. */
  public static Actor of(Caller caller) {
    return caller
        .user()
        .map(user -> new Actor("user", user.toString(), caller.name()))
        .orElseGet(() -> new Actor("token", caller.tokenId(), caller.name()));
  }

  /** A user, for whom a gateway speaks. */
  public static Actor user(UUID id, String name) {
    return new Actor("user", id.toString(), name);
  }

  static Actor gateway(String name) {
    return new Actor("gateway", name, name);
  }

  Map<String, Object> toMap() {
    return Map.of("kind", kind, "id", id, "name", name);
  }
}
