package dev.gatehouse.controlplane;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.UUID;

/** Names that no other test uses. */
public final class Fresh {
  private Fresh() {}

  public static String slug() {
    return "t-" + UUID.randomUUID();
  }

  public static String host() {
    return "h-" + UUID.randomUUID() + ".example.com";
  }

  /** A domain that is served without proof. */
  public static JsonObject trustedDomain(String host) {
    return new JsonObject().put("host", host).put("verification", "none");
  }

  /** An identity provider that no other test knows. */
  public static JsonObject identityProvider() {
    String realm = "https://id.example.com/realms/" + UUID.randomUUID();
    return new JsonObject()
        .put("name", realm)
        .put("issuer", realm)
        .put("keys", JsonObject.of("jwksUrl", realm + "/certs"))
        .put("audiences", JsonArray.of("gatehouse"));
  }

  /** A client authority of a name that no other test knows. */
  public static JsonObject clientAuthority() {
    return new JsonObject()
        .put("name", "Devices " + UUID.randomUUID())
        .put("certificates", certificate("ec"))
        .put("subject", "common-name");
  }

  /** What a tenant has one of: {@code introspection} or {@code forward-auth}. */
  public static JsonObject setting(String name) {
    JsonObject setting = JsonObject.of("url", "https://id.example.com/" + name);
    return name.equals("introspection")
        ? setting.put("client", JsonObject.of("id", "gatehouse", "secret", "s3cret-of-the-client"))
        : setting;
  }

  /** One of the certificates among the resources, as PEM. */
  public static String certificate(String name) {
    String file = "/certificates/" + name + ".pem";
    try (InputStream in = Objects.requireNonNull(Fresh.class.getResourceAsStream(file), file)) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static JsonObject tenant() {
    return new JsonObject().put("slug", slug()).put("name", "A tenant");
  }
}
