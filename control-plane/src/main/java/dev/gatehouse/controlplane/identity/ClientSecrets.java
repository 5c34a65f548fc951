package dev.gatehouse.controlplane.identity;

import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.secret.SealedSecret;
import dev.gatehouse.controlplane.secret.SecretColumn;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** What becomes of the secret that a document has at one place. Immutable; any thread. */
final class ClientSecrets {
  private final ClientPlace place;
  private final SecretColumn column;
  private final InstantSource clock;

  /**
   * @param column where the secrets are kept
   */
  ClientSecrets(ClientPlace place, SecretColumn column, InstantSource clock) {
    this.place = place;
    this.column = column;
    this.clock = clock;
  }

  /** Takes the secret out of a whole document, and seals it. */
  Optional<SealedSecret> takeFrom(JsonObject document, UUID row) {
    return place
        .takeSecret(document)
        .map(secret -> column.seal(row, secret, clock.instant().truncatedTo(ChronoUnit.MICROS)));
  }

  /**
   * The secret after a change: another one where the patch gives one, none where it removes it,
   * else the one of before. What is kept was given for one recipient: whoever may change the
   * document may not have it sent to a server of their own.
   *
   * @param before the document as it was
   * @param patch the merge patch
   * @param after the document as it becomes; a secret is taken out of it
   * @throws ProblemException {@code INVALID_BODY} if it would be kept for another recipient
   */
  Optional<SealedSecret> change(
      UUID row,
      Optional<SealedSecret> kept,
      JsonObject before,
      JsonObject patch,
      JsonObject after) {
    Optional<SealedSecret> given = takeFrom(after, row);
    if (given.isPresent() || place.isRemovedBy(patch) || place.clientIn(after).isEmpty()) {
      return given;
    }
    String recipient = place.recipient();
    if (kept.isPresent()
        && !Objects.equals(before.getValue(recipient), after.getValue(recipient))) {
      throw new ProblemException(
          Problem.INVALID_BODY,
          List.of(
              Fault.at(
                  place.secretPointer(),
                  "must be given again, or be null, where "
                      + recipient
                      + " changes: the one that is kept is sent to nobody else")));
    }
    return kept;
  }

  /** Puts the secret into a document for the edge. */
  void reveal(JsonObject document, UUID row, Optional<SealedSecret> secret) {
    secret.ifPresent(sealed -> place.putSecret(document, column.open(row, sealed)));
  }
}
