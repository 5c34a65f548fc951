/** What a TLS handshake costs where every host has a certificate of its own. */
@NullMarked
package dev.gatehouse.loadtests.handshake;

import org.jspecify.annotations.NullMarked;
