package dev.gatehouse.controlplane.job;

import io.vertx.core.json.JsonObject;

/**
 * A job that this instance has taken.
 *
 * @param kind what is to be done
 * @param key on what; of each kind and key there is one open job at most
 * @param payload what else the handler has to know
 * @param attempt 1 at first, one more after each failure; begins anew when the job goes on
 */
public record Job(String kind, String key, JsonObject payload, int attempt) {}
