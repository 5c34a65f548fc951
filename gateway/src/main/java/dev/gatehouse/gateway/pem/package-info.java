/** Certificates and authorities in files that a configuration names. */
@NullMarked
package dev.gatehouse.gateway.pem;

import org.jspecify.annotations.NullMarked;
