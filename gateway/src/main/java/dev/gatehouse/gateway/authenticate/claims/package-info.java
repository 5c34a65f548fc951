/**
 * Who the holder of a token is, by what is said of it: in the token itself, or by whoever was
 * asked. In: claims that are known to be true. Out: a subject, roles and scopes. Fails with {@link
 * dev.gatehouse.gateway.authenticate.claims.MissingClaimException}.
 */
@NullMarked
package dev.gatehouse.gateway.authenticate.claims;

import org.jspecify.annotations.NullMarked;
