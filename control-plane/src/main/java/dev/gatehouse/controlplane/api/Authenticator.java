package dev.gatehouse.controlplane.api;

import java.util.Optional;

/** Finds out who calls. */
@FunctionalInterface
public interface Authenticator {
  /**
   * @param authorization the {@code Authorization} header
   * @throws ProblemException {@code UNAUTHENTICATED} if it proves nothing
   */
  Caller authenticate(Optional<String> authorization);
}
