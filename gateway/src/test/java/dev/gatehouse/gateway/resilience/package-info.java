/** What a whole gateway does where services are slow, broken, full or many. */
@NullMarked
package dev.gatehouse.gateway.resilience;

import org.jspecify.annotations.NullMarked;
