package dev.gatehouse.controlplane.key;

import java.time.Instant;
import java.util.Optional;

/**
 * A signing key without its private half.
 *
 * @param kid names it
 * @param publicJwk its public half as a JWK
 * @param publishedAt from when on verifiers know it
 * @param signsFrom from when on gateways sign with it, until the next key's time has come
 * @param publishedUntil when it is destroyed; empty until it has a successor
 */
record SigningKey(
    String kid,
    String publicJwk,
    Instant publishedAt,
    Instant signsFrom,
    Optional<Instant> publishedUntil) {

  boolean hasEnded(Instant now) {
    return publishedUntil.filter(end -> !now.isBefore(end)).isPresent();
  }
}
