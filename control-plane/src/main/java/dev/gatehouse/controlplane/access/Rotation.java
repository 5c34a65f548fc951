package dev.gatehouse.controlplane.access;

import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/** What the rotations of keys and tokens have in common. */
final class Rotation {
  private Rotation() {}

  /**
   * Refuses a secret that has a successor: it ends soon, and so would a second successor, which
   * lives as long as it.
   *
   * @param what {@code key} or {@code token}
   * @throws ProblemException {@code TOKEN_ROTATED} if there is a successor
   */
  static void requireFirst(String what, String id, Optional<String> successor) {
    if (successor.isPresent()) {
      throw new ProblemException(
          Problem.TOKEN_ROTATED,
          "the %s \"%s\" was rotated already: use its successor \"%s\", or rotate that one"
              .formatted(what, id, successor.get()));
    }
  }

  /**
   * What is answered where a secret was made, the only time that it is shown.
   *
   * @param json what it opens
   * @param previousUntil when the one that it succeeds ends; empty if it succeeds none
   */
  static JsonObject reveal(JsonObject json, SecretToken secret, Optional<Instant> previousUntil) {
    JsonObject revealed = json.copy().put("secret", secret.reveal());
    previousUntil.ifPresent(end -> revealed.put("previousUntil", end.toString()));
    return revealed;
  }
}
