package dev.gatehouse.controlplane.console;

import dev.gatehouse.controlplane.api.Caller;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Somebody who is signed in.
 *
 * @param id by which it is listed and ended
 * @param secret what the cookie holds
 * @param caller whose token was shown, with what that may do now
 * @param notice what the next page tells of the last action
 */
record Session(UUID id, SessionSecret secret, Caller caller, Optional<String> notice) {

  /**
   * One of them as its owner sees it.
   *
   * @param address from where somebody signed in
   * @param userAgent with what
   */
  record Shown(UUID id, String address, String userAgent, Instant createdAt, Instant usedAt) {}
}
