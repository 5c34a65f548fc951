/** The gateway's own port, for operators: health, readiness, metrics and the JWKS. */
@NullMarked
package dev.gatehouse.gateway.admin;

import org.jspecify.annotations.NullMarked;
