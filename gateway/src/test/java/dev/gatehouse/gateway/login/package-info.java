/** Logins, piece by piece. */
@NullMarked
package dev.gatehouse.gateway.login;

import org.jspecify.annotations.NullMarked;
