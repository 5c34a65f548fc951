package dev.gatehouse.controlplane.feed;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.contract.edge.EdgeCertificate;
import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import dev.gatehouse.contract.edge.EdgeIntrospection;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.FeedCodec;
import dev.gatehouse.contract.edge.MalformedFeedException;
import dev.gatehouse.controlplane.secret.Sealer;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * Between edge objects and what stands in the database, where private keys and secrets are sealed.
 * The seal names the object, so that what is sealed cannot be put into another.
 */
final class EdgePayload {
  private EdgePayload() {}

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
      case PARTITION_KEY -> List.of(List.of("secret"));
      case PLAN, PARTITION, TENANT, ROUTE, API_KEY, CLIENT_AUTHORITY, FORWARD_AUTH -> List.of();
    };
  }

  /** Whose keys seal what is secret of an object; empty for the platform's. */
  static Optional<UUID> tenantOf(EdgeObject object) {
    return switch (object) {
      case EdgeIdentityProvider provider -> Optional.of(provider.tenantId());
      case EdgeIntrospection introspection -> Optional.of(introspection.tenantId());
      case EdgeCertificate certificate -> certificate.tenantId();
      default -> Optional.empty();
    };
  }

  static JsonObject toStored(EdgeObject object, Sealer sealer) {
    JsonObject json = new JsonObject(FeedCodec.encodeObject(object));
    String name = nameOf(object.kind(), object.key());
    secretsOf(object.kind())
        .forEach(path -> replace(json, path, secret -> seal(sealer, secret, name)));
    return json;
  }

  /**
   * @throws IllegalStateException if the stored object cannot be read, or was sealed with another
   *     master key
   */
  static EdgeObject fromStored(EdgeObject.Kind kind, String key, String payload, Sealer sealer) {
    try {
      return FeedCodec.decodeObject(kind, opened(kind, key, payload, sealer));
    } catch (MalformedFeedException e) {
      throw new IllegalStateException("a stored " + kind.wireName() + " cannot be read", e);
    }
  }

  private static String opened(EdgeObject.Kind kind, String key, String payload, Sealer sealer) {
    List<List<String>> paths = secretsOf(kind);
    if (paths.isEmpty()) {
      return payload;
    }
    JsonObject json = new JsonObject(payload);
    paths.forEach(path -> replace(json, path, sealed -> open(sealer, sealed, nameOf(kind, key))));
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

  private static String seal(Sealer sealer, String secret, String name) {
    byte[] sealed = sealer.seal(secret.getBytes(UTF_8), purposeOf(name));
    return Base64.getEncoder().encodeToString(sealed);
  }

  private static String open(Sealer sealer, String sealed, String name) {
    try {
      return new String(sealer.open(Base64.getDecoder().decode(sealed), purposeOf(name)), UTF_8);
    } catch (IllegalStateException e) {
      throw new IllegalStateException(
          "the secret of " + name + " was sealed with another master key", e);
    }
  }

  private static String nameOf(EdgeObject.Kind kind, String key) {
    return kind.wireName() + "/" + key;
  }

  private static String purposeOf(String name) {
    return "edge_object/" + name;
  }
}
