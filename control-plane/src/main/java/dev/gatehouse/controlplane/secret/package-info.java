/** The master key: what it seals and what is derived from it. */
@NullMarked
package dev.gatehouse.controlplane.secret;

import org.jspecify.annotations.NullMarked;
