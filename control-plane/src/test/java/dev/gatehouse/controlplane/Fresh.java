package dev.gatehouse.controlplane;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
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

  public static JsonObject tenant() {
    return new JsonObject().put("slug", slug()).put("name", "A tenant");
  }
}
