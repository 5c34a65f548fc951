package dev.gatehouse.controlplane.service;

import dev.gatehouse.contract.edge.ApiVersions.ApiVersion;
import dev.gatehouse.contract.edge.Destinations.Destination;
import dev.gatehouse.contract.edge.EdgeRoute;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What a route names, and where. */
final class RouteReferences {
  private RouteReferences() {}

  static List<ServiceReference> services(EdgeRoute route) {
    List<ServiceReference> found = new ArrayList<>();
    route.service().ifPresent(name -> found.add(new ServiceReference("/service", name)));
    List<Destination> destinations = destinations(route);
    for (int i = 0; i < destinations.size(); i++) {
      String pointer = "/destinations/services/" + i + "/service";
      found.add(new ServiceReference(pointer, destinations.get(i).service()));
    }
    List<ApiVersion> versions =
        route.versions().map(versioned -> versioned.versions()).orElse(List.of());
    for (int i = 0; i < versions.size(); i++) {
      String pointer = "/versions/versions/" + i + "/service";
      versions.get(i).service().ifPresent(name -> found.add(new ServiceReference(pointer, name)));
    }
    route
        .mirror()
        .ifPresent(mirror -> found.add(new ServiceReference("/mirror/service", mirror.service())));
    return found;
  }

  /** Tenants that always go one way, each with the pointer of the list that names it. */
  static Map<UUID, String> tenants(EdgeRoute route) {
    Map<UUID, String> found = new HashMap<>();
    List<Destination> destinations = destinations(route);
    for (int i = 0; i < destinations.size(); i++) {
      String pointer = "/destinations/services/" + i + "/tenants";
      destinations
          .get(i)
          .tenants()
          .ifPresent(tenants -> tenants.forEach(id -> found.putIfAbsent(id, pointer)));
    }
    return found;
  }

  private static List<Destination> destinations(EdgeRoute route) {
    return route.destinations().map(all -> all.services()).orElse(List.of());
  }
}
