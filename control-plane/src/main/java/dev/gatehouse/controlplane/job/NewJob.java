package dev.gatehouse.controlplane.job;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A job that is to be done.
 *
 * @param kind which handler does it
 * @param key on what; of each kind and key there is one open job at most
 * @param tenant whose it is: it goes when the tenant is erased
 * @param payload what else the handler has to know
 * @param dueAt when to do it; at once if this is past
 */
public record NewJob(
    String kind, String key, Optional<UUID> tenant, JsonObject payload, Instant dueAt) {

  /** A job of the platform, without payload. */
  public static NewJob of(String kind, String key, Instant dueAt) {
    return new NewJob(kind, key, Optional.empty(), new JsonObject(), dueAt);
  }

  /** A job of a tenant, without payload. */
  public static NewJob of(String kind, String key, UUID tenant, Instant dueAt) {
    return new NewJob(kind, key, Optional.of(tenant), new JsonObject(), dueAt);
  }

  /** The same with a payload. */
  public NewJob with(JsonObject newPayload) {
    return new NewJob(kind, key, tenant, newPayload, dueAt);
  }
}
