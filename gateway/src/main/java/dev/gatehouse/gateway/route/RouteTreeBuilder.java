package dev.gatehouse.gateway.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A {@link RouteTree} that is being made. */
final class RouteTreeBuilder {
  private final List<Route> here = new ArrayList<>();
  private final List<Route> below = new ArrayList<>();
  private final List<Route> complete = new ArrayList<>();
  private final Map<String, RouteTreeBuilder> children = new HashMap<>();
  private @Nullable RouteTreeBuilder variable;

  /** Puts a route in; the most specific ones must come first. */
  void add(PathPattern path, Route route) {
    RouteTreeBuilder node = this;
    List<String> segments = path.segments();
    boolean prefix = path.kind() == PathPattern.Kind.PREFIX;
    boolean endsInSlash = prefix && segments.getLast().isEmpty();
    for (String segment : endsInSlash ? segments.subList(0, segments.size() - 1) : segments) {
      node = node.child(path.kind() == PathPattern.Kind.TEMPLATE, segment);
    }
    if (prefix) {
      (endsInSlash ? node.below : node.here).add(route);
    } else {
      node.complete.add(route);
    }
  }

  RouteTree build() {
    return new RouteTree(
        List.copyOf(here),
        List.copyOf(below),
        List.copyOf(complete),
        SegmentMap.copyOf(
            children.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().build()))),
        variable == null ? null : variable.build());
  }

  private RouteTreeBuilder child(boolean mayBeVariable, String segment) {
    if (mayBeVariable && PathPattern.isVariable(segment)) {
      if (variable == null) {
        variable = new RouteTreeBuilder();
      }
      return variable;
    }
    return children.computeIfAbsent(segment, _ -> new RouteTreeBuilder());
  }
}
