/** The live access log: whoever listens at the admin port sees requests as they end. */
@NullMarked
package dev.gatehouse.gateway.observe.tail;

import org.jspecify.annotations.NullMarked;
