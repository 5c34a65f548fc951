package dev.gatehouse.controlplane;

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

  public static JsonObject tenant() {
    return new JsonObject().put("slug", slug()).put("name", "A tenant");
  }
}
