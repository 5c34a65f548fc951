package dev.gatehouse.controlplane.access;

import dev.gatehouse.contract.edge.FeedMessage;
import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.GatewayAuthentication;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.database.Database;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * {@code POST /edge/v1/keys-used}: which API keys a gateway has seen. Its handler waits for the
 * database: mount it in a verticle on virtual threads.
 */
public final class KeyUseRoutes {
  private static final Pattern ID = Pattern.compile("[0-9a-f]{16}");

  private final ApiKeyService apiKeys;
  private final Database database;
  private final GatewayAuthentication gatewayAuthentication;

  public KeyUseRoutes(
      ApiKeyService apiKeys, Database database, GatewayAuthentication gatewayAuthentication) {
    this.apiKeys = apiKeys;
    this.database = database;
    this.gatewayAuthentication = gatewayAuthentication;
  }

  /** Adds the route; every request to it is authenticated first. */
  public void mount(Router router) {
    router
        .post(FeedMessage.KEYS_USED_PATH)
        .handler(gatewayAuthentication)
        .handler(context -> {
          Map<String, Instant> keys = keysIn(context);
          database.runInTransaction(tx -> apiKeys.noteUse(tx, keys));
          context.response().setStatusCode(204).end();
        });
  }

  /** Sorted, so that gateways that report at once take the rows in one order. */
  private static Map<String, Instant> keysIn(RoutingContext context) {
    JsonObject keys = objectIn(context);
    if (keys.size() > FeedMessage.KeysUsed.MAX_KEYS) {
      throw bad("/keys", "must have at most " + FeedMessage.KeysUsed.MAX_KEYS + " members");
    }
    Instant now = Instant.now();
    Map<String, Instant> uses = new TreeMap<>();
    for (String id : keys.fieldNames()) {
      if (!ID.matcher(id).matches()) {
        throw bad("/keys", "must have ids of API keys for names");
      }
      Object millis = keys.getValue(id);
      if (!(millis instanceof Integer || millis instanceof Long)
          || ((Number) millis).longValue() < 0) {
        throw bad("/keys/" + id, "must be milliseconds since 1970");
      }
      Instant used = Instant.ofEpochMilli(((Number) millis).longValue());
      uses.put(id, used.isAfter(now) ? now : used);
    }
    return uses;
  }

  private static JsonObject objectIn(RoutingContext context) {
    try {
      JsonObject body = context.body().asJsonObject();
      if (body != null && body.getValue("keys") instanceof JsonObject keys) {
        return keys;
      }
    } catch (DecodeException | ClassCastException _) {
      // Answered as any other body that is none.
    }
    throw bad("/keys", "must be an object");
  }

  private static ProblemException bad(String pointer, String expected) {
    return new ProblemException(Problem.INVALID_BODY, List.of(Fault.at(pointer, expected)));
  }
}
