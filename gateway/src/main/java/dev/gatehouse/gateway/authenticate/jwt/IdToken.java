package dev.gatehouse.gateway.authenticate.jwt;

import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import dev.gatehouse.gateway.authenticate.claims.ClaimRules;
import java.time.Instant;
import java.util.Optional;

/**
 * Who logged in, by the word of an identity provider.
 *
 * @param provider by whose word
 * @param holder who it is at the tenant
 * @param sub who it is at the provider
 * @param sid the provider's name for the session that began; empty if it has none
 * @param issuedAt when the provider said so
 */
public record IdToken(
    EdgeIdentityProvider provider,
    ClaimRules.Holder holder,
    String sub,
    Optional<String> sid,
    Instant issuedAt) {}
