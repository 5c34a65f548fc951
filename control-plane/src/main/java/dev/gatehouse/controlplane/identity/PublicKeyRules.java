package dev.gatehouse.controlplane.identity;

import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.secret.PrivateMembers;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** What a schema cannot say of an issuer's keys. */
final class PublicKeyRules {
  private static final String PLACE = "/keys/jwks/keys/";

  private PublicKeyRules() {}

  /**
   * Looks at keys before they are kept, by which is meant shown to whoever may look at the tenant.
   *
   * @param jwks valid by the API's document
   * @throws ProblemException {@code INVALID_BODY} if one has something secret, or lacks something
   */
  static void check(JsonObject jwks) {
    List<Fault> faults = new ArrayList<>();
    JsonArray keys = jwks.getJsonArray("keys");
    for (int i = 0; i < keys.size(); i++) {
      JsonObject key = keys.getJsonObject(i);
      String place = PLACE + i + "/";
      PrivateMembers.of(key)
          .forEach(name ->
              faults.add(
                  Fault.at(place + name, "must not be there: nobody but its owner may know it")));
      requiredOf(key.getString("kty")).stream()
          .filter(name -> !key.containsKey(name))
          .forEach(name -> faults.add(Fault.at(place + name, "is required")));
    }
    if (!faults.isEmpty()) {
      throw new ProblemException(Problem.INVALID_BODY, faults);
    }
  }

  /** RFC 7518 section 6, RFC 8037 section 2. */
  private static List<String> requiredOf(String type) {
    return switch (type) {
      case "RSA" -> List.of("n", "e");
      case "EC" -> List.of("crv", "x", "y");
      default -> List.of("crv", "x");
    };
  }
}
