/**
 * People, known by the identity provider that vouches for them, what they may do on the platform,
 * and the tokens by which they call the API.
 */
@NullMarked
package dev.gatehouse.controlplane.user;

import org.jspecify.annotations.NullMarked;
