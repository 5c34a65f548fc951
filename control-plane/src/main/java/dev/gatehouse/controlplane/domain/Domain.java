package dev.gatehouse.controlplane.domain;

import dev.gatehouse.contract.tenant.Hostname;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** A custom domain of a tenant. */
record Domain(Hostname host, Instant createdAt) {
  JsonObject toJson() {
    return new JsonObject().put("host", host.value()).put("createdAt", createdAt.toString());
  }
}
