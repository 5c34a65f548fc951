package dev.gatehouse.controlplane.feed;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.Aead;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.FeedCodec;
import dev.gatehouse.contract.edge.MalformedFeedException;
import io.vertx.core.json.JsonObject;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Between edge objects and what stands in the database, where private keys and secrets are sealed.
 * The seal names the object, so that what is sealed cannot be put into another.
 */
final class EdgePayload {
  private final Aead masterKey;

  EdgePayload(Aead masterKey) {
    this.masterKey = masterKey;
  }

  /** Where objects of a kind have what nobody may read in the database; empty for nowhere. */
  private static List<List<String>> secretsOf(EdgeObject.Kind kind) {
    return switch (kind) {
      case SIGNING_KEY -> List.of(List.of("jwk"));
      case IDENTITY_PROVIDER -> List.of(List.of("login", "client", "secret"));
      case INTROSPECTION -> List.of(List.of("client", "secret"));
      case SERVICE ->
          List.of(
              List.of("messageSignature", "secret"),
              List.of("tls", "clientCertificate", "privateKey"));
      case CERTIFICATE -> List.of(List.of("privateKey"));
      case ACME_CHALLENGE -> List.of(List.of("tls", "privateKey"));
      case PLAN, TENANT, ROUTE, API_KEY, CLIENT_AUTHORITY, FORWARD_AUTH -> List.of();
    };
  }

  JsonObject toStored(EdgeObject object) {
    JsonObject json = new JsonObject(FeedCodec.encodeObject(object));
    String name = nameOf(object.kind(), object.key());
    secretsOf(object.kind()).forEach(path -> replace(json, path, secret -> seal(secret, name)));
    return json;
  }

  /**
   * @throws IllegalStateException if the stored object cannot be read, or was sealed with another
   *     master key
   */
  EdgeObject fromStored(EdgeObject.Kind kind, String key, String payload) {
    try {
      return FeedCodec.decodeObject(kind, opened(kind, key, payload));
    } catch (MalformedFeedException e) {
      throw new IllegalStateException("a stored " + kind.wireName() + " cannot be read", e);
    }
  }

  private String opened(EdgeObject.Kind kind, String key, String payload) {
    List<List<String>> paths = secretsOf(kind);
    if (paths.isEmpty()) {
      return payload;
    }
    JsonObject json = new JsonObject(payload);
    paths.forEach(path -> replace(json, path, sealed -> open(sealed, nameOf(kind, key))));
    return json.encode();
  }

  /** Replaces the text at the end of the path, where there is one. */
  private static void replace(
      JsonObject json, List<String> path, UnaryOperator<String> replacement) {
    JsonObject here = json;
    for (String name : path.subList(0, path.size() - 1)) {
      if (!(here.getValue(name) instanceof JsonObject inner)) {
        return;
      }
      here = inner;
    }
    if (here.getValue(path.getLast()) instanceof String text) {
      here.put(path.getLast(), replacement.apply(text));
    }
  }

  private String seal(String secret, String name) {
    try {
      byte[] sealed = masterKey.encrypt(secret.getBytes(UTF_8), purposeOf(name));
      return Base64.getEncoder().encodeToString(sealed);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("sealing the secret of " + name + " failed", e);
    }
  }

  private String open(String sealed, String name) {
    try {
      return new String(
          masterKey.decrypt(Base64.getDecoder().decode(sealed), purposeOf(name)), UTF_8);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "the secret of " + name + " was sealed with another master key", e);
    }
  }

  private static String nameOf(EdgeObject.Kind kind, String key) {
    return kind.wireName() + "/" + key;
  }

  private static byte[] purposeOf(String name) {
    return ("edge_object/" + name).getBytes(UTF_8);
  }
}
