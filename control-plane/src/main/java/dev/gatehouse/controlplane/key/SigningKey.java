package dev.gatehouse.controlplane.key;

import dev.gatehouse.contract.edge.EdgeSigningKey.Purpose;
import java.time.Instant;
import java.util.Optional;

/**
 * A key of the gateways without its private half.
 *
 * @param kid names it
 * @param purpose what it is for
 * @param publicJwk its public half as a JWK; empty if it has none
 * @param publishedAt from when on verifiers know it
 * @param signsFrom from when on gateways sign with it, until the next key's time has come
 * @param publishedUntil when it is destroyed; empty until it has a successor
 */
record SigningKey(
    String kid,
    Purpose purpose,
    Optional<String> publicJwk,
    Instant publishedAt,
    Instant signsFrom,
    Optional<Instant> publishedUntil) {

  boolean hasEnded(Instant now) {
    return publishedUntil.filter(end -> !now.isBefore(end)).isPresent();
  }
}
