/**
 * Clients' connections, before anything is asked on them. In: a connection that was accepted. Out:
 * whether it stays, by how many its source has, how many handshakes are under way and what its
 * source has done before. Fails by closing it.
 */
@NullMarked
package dev.gatehouse.gateway.connect;

import org.jspecify.annotations.NullMarked;
