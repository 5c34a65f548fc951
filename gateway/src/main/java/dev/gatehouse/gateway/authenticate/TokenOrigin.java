package dev.gatehouse.gateway.authenticate;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Where the token came from that a caller came with.
 *
 * @param provider the tenant's identity provider
 * @param issuedSubject the claim {@code sub}
 * @param issuedAt the claim {@code iat}
 * @param forwarded whether the upstream sees the token
 */
public record TokenOrigin(
    UUID provider, String issuedSubject, Optional<Instant> issuedAt, boolean forwarded) {}
