package dev.gatehouse.controlplane.domain;

import io.vertx.core.json.JsonObject;

/**
 * Where a domain's certificate is in its life.
 *
 * @param state {@code none}, {@code pending}, {@code issued}, {@code failed} or {@code expired}
 * @param reason why, in words
 */
record Certificate(String state, String reason) {
  /** Of a new domain. */
  static final Certificate NONE = new Certificate("none", "No certificate is asked for yet.");

  JsonObject toJson() {
    return new JsonObject().put("state", state).put("reason", reason);
  }
}
