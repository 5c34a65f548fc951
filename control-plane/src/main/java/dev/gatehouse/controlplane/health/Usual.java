package dev.gatehouse.controlplane.health;

import java.time.Instant;
import java.util.OptionalDouble;

/**
 * How long requests of a tenant usually take at an hour of the day.
 *
 * @param hour of which it is true
 * @param millis within which 95 of 100 were done; none where too little is known
 */
record Usual(Instant hour, OptionalDouble millis) {}
