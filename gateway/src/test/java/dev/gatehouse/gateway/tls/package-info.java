/** Certificates and connections of TLS, as tests need them. */
@NullMarked
package dev.gatehouse.gateway.tls;

import org.jspecify.annotations.NullMarked;
