package dev.gatehouse.controlplane.customerkey;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Optional;

/**
 * Where a key is.
 *
 * @param url the base URL of the service, without a path
 * @param mount where its transit engine is
 * @param keyName the key's name there
 * @param namespace the namespace, where the service has such
 * @param certificates of the authorities that the service's own must be signed by, as PEM; those
 *     that the JDK trusts if absent
 */
record KeyPlace(
    String url,
    String mount,
    String keyName,
    Optional<String> namespace,
    Optional<String> certificates) {
  static final String DEFAULT_MOUNT = "transit";

  /** As a document of the API says it. */
  static KeyPlace of(JsonObject document) {
    return new KeyPlace(
        document.getString("url"),
        document.getString("mount", DEFAULT_MOUNT),
        document.getString("keyName"),
        Optional.ofNullable(document.getString("namespace")),
        Optional.ofNullable(document.getString("certificates")));
  }

  /** Where an operation of the engine is called. */
  URI operation(String name) {
    return at(mount + "/" + name + "/" + keyName);
  }

  /** Where a token is made to last longer. */
  URI renewal() {
    return at("auth/token/renew-self");
  }

  private URI at(String path) {
    String base = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    return URI.create(base + "/v1/" + path);
  }
}
