package dev.gatehouse.controlplane.identity;

import com.google.common.collect.ImmutableList;
import dev.gatehouse.controlplane.secret.SealedSecret;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * Where a document says as what the gateway is known to an authorization server. Callers give the
 * client's secret there; it is taken out before anything else sees the document, and no answer has
 * it.
 */
enum ClientPlace {
  LOGIN(ImmutableList.of("login", "client"), "issuer"),
  INTROSPECTION(ImmutableList.of("client"), "url");

  private static final String SECRET = "secret";

  private final ImmutableList<String> path;
  private final String recipient;

  ClientPlace(ImmutableList<String> path, String recipient) {
    this.path = path;
    this.recipient = recipient;
  }

  /** The member of the document that says to whom the secret is sent. */
  String recipient() {
    return recipient;
  }

  /** The place of the secret, as a JSON pointer. */
  String secretPointer() {
    return "/" + String.join("/", path) + "/" + SECRET;
  }

  /** The client's part of a document; empty where it has none. */
  Optional<JsonObject> clientIn(JsonObject document) {
    JsonObject here = document;
    for (String name : path) {
      if (!(here.getValue(name) instanceof JsonObject inner)) {
        return Optional.empty();
      }
      here = inner;
    }
    return Optional.of(here);
  }

  /** Takes the secret out of a document. */
  Optional<String> takeSecret(JsonObject document) {
    return clientIn(document).map(client -> (String) client.remove(SECRET));
  }

  /** Whether a merge patch removes the secret: by itself, or with all that it belongs to. */
  boolean isRemovedBy(JsonObject patch) {
    JsonObject here = patch;
    for (String name : path) {
      if (!(here.getValue(name) instanceof JsonObject inner)) {
        return here.containsKey(name);
      }
      here = inner;
    }
    return here.containsKey(SECRET) && here.getValue(SECRET) == null;
  }

  /** Says in an answer since when there is a secret, which is all that is told of it. */
  void showIn(JsonObject document, Optional<SealedSecret> secret) {
    secret.ifPresent(sealed ->
        clientIn(document)
            .ifPresent(client -> client.put("secretSetAt", sealed.setAt().toString())));
  }

  /** Puts the secret where gateways look for it. */
  void putSecret(JsonObject document, String secret) {
    clientIn(document).ifPresent(client -> client.put(SECRET, secret));
  }
}
