package dev.gatehouse.gateway.authenticate.jwt;

import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import java.util.Optional;

/**
 * Whose sessions are to end, by the word of an identity provider. At least one of the two is there.
 *
 * @param sub all of this user's, by the provider's name for it
 * @param sid this one, by the provider's name for it
 */
public record LogoutToken(
    EdgeIdentityProvider provider, Optional<String> sub, Optional<String> sid) {}
