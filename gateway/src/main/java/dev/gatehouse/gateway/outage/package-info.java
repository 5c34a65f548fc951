/** What is said of a server that is away. */
@NullMarked
package dev.gatehouse.gateway.outage;

import org.jspecify.annotations.NullMarked;
