/**
 * The master key: what it seals and what is derived from it, secrets in columns among it; and what
 * of a JWK is secret.
 */
@NullMarked
package dev.gatehouse.controlplane.secret;

import org.jspecify.annotations.NullMarked;
