package dev.gatehouse.controlplane.service;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What of a service's document only the gateways may know: what it shares with them to sign
 * requests, and the key of the certificate that they show it.
 */
final class ServiceSecrets {
  private static final List<Place> PLACES =
      List.of(
          new Place(List.of("messageSignature"), "secret"),
          new Place(List.of("tls", "clientCertificate"), "privateKey"));

  private ServiceSecrets() {}

  /** A copy of a document with another text in the place of each. */
  static JsonObject replaced(JsonObject document, UnaryOperator<String> replacement) {
    JsonObject copy = document.copy();
    for (Place place : PLACES) {
      place
          .in(copy)
          .ifPresent(
              holder -> holder.put(place.name, replacement.apply(holder.getString(place.name))));
    }
    return copy;
  }

  /** A copy of a document without any. */
  static JsonObject withheld(JsonObject document) {
    JsonObject copy = document.copy();
    PLACES.forEach(place -> place.in(copy).ifPresent(holder -> holder.remove(place.name)));
    return copy;
  }

  /**
   * @param path to the object that holds it
   */
  private record Place(List<String> path, String name) {
    Optional<JsonObject> in(JsonObject document) {
      JsonObject here = document;
      for (String step : path) {
        if (!(here.getValue(step) instanceof JsonObject inner)) {
          return Optional.empty();
        }
        here = inner;
      }
      return here.containsKey(name) ? Optional.of(here) : Optional.empty();
    }
  }
}
