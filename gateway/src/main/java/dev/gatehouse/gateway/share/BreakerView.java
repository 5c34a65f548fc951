package dev.gatehouse.gateway.share;

import dev.gatehouse.gateway.rejection.Rejection;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * A circuit breaker, seen without asking it for anything.
 *
 * @param described as the admin port shows it
 * @param refusal what it would say to a request now; empty if it lets requests through, or trials
 */
public record BreakerView(JsonObject described, Optional<Rejection> refusal) {}
