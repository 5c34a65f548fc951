package dev.gatehouse.gateway.route;

import dev.gatehouse.contract.edge.EdgeRoute;
import java.util.List;

/**
 * The path of a route.
 *
 * @param kind how it is meant
 * @param text as it was given; begins with a slash
 */
record PathPattern(Kind kind, String text) {

  static PathPattern of(EdgeRoute route) {
    if (route.pathExact().isPresent()) {
      return new PathPattern(Kind.EXACT, route.pathExact().get());
    }
    return route
        .pathTemplate()
        .map(template -> new PathPattern(Kind.TEMPLATE, template))
        .orElseGet(() -> new PathPattern(Kind.PREFIX, route.pathPrefix().orElse("/")));
  }

  /** As services may read it. */
  PathPattern reading() {
    return new PathPattern(kind, PathReading.of(text));
  }

  /** The longer, the more specific: the characters that a path must have, without variables. */
  int specificity() {
    return kind == Kind.TEMPLATE
        ? segments().stream().filter(segment -> !isVariable(segment)).mapToInt(String::length).sum()
        : text.length();
  }

  /**
   * What is between the slashes. A prefix that ends in a slash ends in an empty segment, and so
   * does a path.
   */
  List<String> segments() {
    return List.of(text.substring(1).split("/", -1));
  }

  static boolean isVariable(String segment) {
    return segment.startsWith("{") && segment.endsWith("}");
  }

  /** Where the part of a matching path ends that this stands for: at a slash, or at its end. */
  int matchedLength(int pathLength) {
    if (kind != Kind.PREFIX) {
      return pathLength;
    }
    return text.endsWith("/") ? text.length() - 1 : text.length();
  }

  /** In the order of what wins. */
  enum Kind {
    EXACT,
    TEMPLATE,
    PREFIX
  }
}
