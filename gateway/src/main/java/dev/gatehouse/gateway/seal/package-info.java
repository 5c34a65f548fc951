/**
 * How the gateway seals what it keeps elsewhere: sessions in Redis, and log-ins in the browser. In:
 * a secret, and what it is used for. Out: bytes that only the same secret opens, for the same use.
 * What does not open is empty.
 */
@NullMarked
package dev.gatehouse.gateway.seal;

import org.jspecify.annotations.NullMarked;
