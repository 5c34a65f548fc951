/**
 * TLS towards clients. In: the name that a client asks for in its handshake (SNI, RFC 6066 section
 * 3), if any. Out: how the connection is secured, which {@link
 * dev.gatehouse.gateway.tls.ServerNames} decides for each connection anew, and whose certificate
 * came with it, which {@link dev.gatehouse.gateway.tls.PeerCertificates} holds for whoever asks.
 * Fails by ending the handshake.
 */
@NullMarked
package dev.gatehouse.gateway.tls;

import org.jspecify.annotations.NullMarked;
