package dev.gatehouse.gateway.forward;

import dev.gatehouse.gateway.share.AdaptiveLimits;
import dev.gatehouse.gateway.share.ServiceBreakers;
import dev.gatehouse.gateway.share.ShareMeters;
import dev.gatehouse.gateway.sign.SigningStage;
import dev.gatehouse.gateway.upstream.Upstreams;
import dev.gatehouse.gateway.usage.UsageMeter;

/**
 * What the forwarders of all event loops of a gateway have in common.
 *
 * @param eventLoops how many there are
 * @param signing signs what goes to mirrors
 * @param meters counts what the forwarders hold
 * @param shareMeters counts what waits for services
 * @param limits of requests in flight that the gateway finds by itself
 * @param breakers the circuit breakers
 * @param upstreams the endpoints and how fit they are
 * @param usage brings together what the event loops count
 */
public record Shared(
    int eventLoops,
    SigningStage signing,
    ForwardMeters meters,
    ShareMeters shareMeters,
    AdaptiveLimits limits,
    ServiceBreakers breakers,
    Upstreams upstreams,
    UsageMeter usage) {}
