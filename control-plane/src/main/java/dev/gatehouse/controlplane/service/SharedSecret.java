package dev.gatehouse.controlplane.service;

import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** What a service shares with the gateways, in its document: {@code /messageSignature/secret}. */
final class SharedSecret {
  private static final String SIGNATURE = "messageSignature";
  private static final String SECRET = "secret";

  private SharedSecret() {}

  /** The secret, if the document has one. */
  static Optional<String> in(JsonObject document) {
    return Optional.ofNullable(document.getJsonObject(SIGNATURE))
        .map(signature -> signature.getString(SECRET));
  }

  /** A copy of a document that has one, with another text in its place. */
  static JsonObject replaced(JsonObject document, String text) {
    JsonObject copy = document.copy();
    copy.getJsonObject(SIGNATURE).put(SECRET, text);
    return copy;
  }

  /** A copy of a document without it. */
  static JsonObject withheld(JsonObject document) {
    JsonObject copy = document.copy();
    Optional.ofNullable(copy.getJsonObject(SIGNATURE))
        .ifPresent(signature -> signature.remove(SECRET));
    return copy;
  }
}
