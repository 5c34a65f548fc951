package dev.gatehouse.gateway.upstream;

import io.vertx.core.Vertx;
import io.vertx.core.net.TrustOptions;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What every pool of one gateway shares.
 *
 * @param vertx the background one, whose event loop asks DNS and the endpoints
 * @param trust the authorities of the endpoints' certificates; those of the JDK if empty
 * @param ticker the clock of all times within, in nanoseconds
 */
record Environment(
    Vertx vertx,
    UpstreamConfig config,
    Optional<TrustOptions> trust,
    NameResolver names,
    HealthChecker checks,
    UpstreamMeters meters,
    LongSupplier ticker) {}
