package dev.gatehouse.controlplane.user;

import dev.gatehouse.controlplane.access.PlatformRole;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Optional;

/** What can change of a user, as a caller wants it. */
record UserDraft(String email, String displayName, Optional<PlatformRole> platformRole) {
  /**
   * @param body valid by the API's document
   */
  static UserDraft of(JsonObject body) {
    String email = body.getString("email").toLowerCase(Locale.ROOT);
    return new UserDraft(
        email,
        body.getString("displayName", email),
        Optional.ofNullable(body.getString("platformRole")).map(PlatformRole::of));
  }
}
