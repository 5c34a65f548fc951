/**
 * From where a request comes. In: the peer of the connection, what a PROXY protocol header said of
 * it, and what proxies that are trusted say in their headers. Out: a {@link
 * dev.gatehouse.gateway.client.ClientAddress}. Nothing fails: what cannot be trusted or read leaves
 * the peer.
 */
@NullMarked
package dev.gatehouse.gateway.client;

import org.jspecify.annotations.NullMarked;
