package dev.gatehouse.controlplane.access;

import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;

/** What the rotations of keys and tokens have in common. */
final class Rotation {
  private Rotation() {}

  /**
   * Why a secret that has a successor is not rotated again: it ends soon, and so would a second
   * successor, which lives as long as it.
   *
   * @param what {@code key} or {@code token}
   */
  static ProblemException alreadyDone(String what, String id, String successor) {
    return new ProblemException(
        Problem.TOKEN_ROTATED,
        "the %s \"%s\" was rotated already: use its successor \"%s\", or rotate that one"
            .formatted(what, id, successor));
  }
}
