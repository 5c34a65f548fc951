package dev.gatehouse.gateway.route;

import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgeRoute;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EdgeService.Endpoint;
import dev.gatehouse.contract.edge.FeedCodec;
import dev.gatehouse.contract.edge.MalformedFeedException;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Routes for tests, from what is particular to them. */
final class Routes {
  static final Map<String, EdgeService> SERVICES = services("app", "other", "canary");

  private Routes() {}

  /** A route of a JSON object; id, hosts and service are given where they are absent. */
  static EdgeRoute route(String json) {
    JsonObject route = new JsonObject(json);
    for (Map.Entry<String, String> common :
        Map.of("id", UUID.randomUUID().toString(), "hosts", "any").entrySet()) {
      if (!route.containsKey(common.getKey())) {
        route.put(common.getKey(), common.getValue());
      }
    }
    if (Stream.of("service", "destinations", "redirect").noneMatch(route::containsKey)) {
      route.put("service", "app");
    }
    try {
      return (EdgeRoute) FeedCodec.decodeObject(EdgeObject.Kind.ROUTE, route.encode());
    } catch (MalformedFeedException e) {
      throw new IllegalArgumentException(e);
    }
  }

  static RoutingTable table(EdgeRoute... routes) {
    return RoutingTable.of(List.of(routes), SERVICES);
  }

  static Map<String, EdgeService> services(String... names) {
    return Arrays.stream(names)
        .collect(
            Collectors.toMap(
                name -> name, name -> EdgeService.of(name, List.of(new Endpoint("127.0.0.1", 1)))));
  }
}
