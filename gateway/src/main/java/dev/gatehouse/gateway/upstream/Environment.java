package dev.gatehouse.gateway.upstream;

import io.vertx.core.Vertx;
import java.util.function.LongSupplier;

/**
 * What every pool of one gateway shares.
 *
 * @param vertx the background one, whose event loop asks DNS and the endpoints
 * @param ticker the clock of all times within, in nanoseconds
 */
record Environment(
    Vertx vertx,
    UpstreamConfig config,
    NameResolver names,
    HealthChecker checks,
    UpstreamMeters meters,
    LongSupplier ticker) {}
