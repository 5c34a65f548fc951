package dev.gatehouse.gateway.authenticate;

import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.resolve.Resolved;

/** Looks at what a request proves in one way. Shared by all event loops; never blocks. */
public interface ProofReader {
  /**
   * Looks at a request.
   *
   * @param evidence what was found out for it before
   * @throws Rejection if it tries to prove something, and that is not so
   */
  Proof read(Resolved request, Evidence evidence);
}
