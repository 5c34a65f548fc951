package dev.gatehouse.gateway.upstream;

import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * What a request would choose among, seen without choosing.
 *
 * @param endpoints as the admin port shows them, with {@code own} where the tenant has them to
 *     itself; empty where there are none
 * @param none why there is nowhere to go; empty if there is, or if DNS has not been heard yet
 */
public record Prospect(JsonObject endpoints, Optional<NoTarget> none) {
  static Prospect nowhere(NoTarget why) {
    return new Prospect(new JsonObject(), Optional.of(why));
  }
}
