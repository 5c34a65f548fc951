package dev.gatehouse.gateway.route;

import dev.gatehouse.contract.edge.EdgeRoute.HostClass;
import dev.gatehouse.gateway.admit.Sanitized;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All routes whose paths begin with the same segments, so that a match looks only at those on the
 * request's way. Immutable; a match allocates nothing. In a bucket, the most specific route is
 * first.
 *
 * @param here prefixes that end here
 * @param below prefixes that end here with a slash, so that the path must go on
 * @param complete exact paths and templates that end here
 * @param children by the next segment
 * @param variable what is below a variable segment; null if nothing is
 */
record RouteTree(
    List<Route> here,
    List<Route> below,
    List<Route> complete,
    SegmentMap<RouteTree> children,
    @Nullable RouteTree variable) {

  /**
   * Finds the most specific route that takes a request.
   *
   * @param from where the rest of the path begins: at a slash, or at its end
   * @param best what was found elsewhere; only a more specific one is looked for
   */
  @Nullable Route best(HostClass hostClass, Sanitized request, int from, @Nullable Route best) {
    int end = request.pathLength();
    if (from == end) {
      return first(here, hostClass, request, first(complete, hostClass, request, best));
    }
    Route found = best;
    if (variable != null || !children.isEmpty()) {
      int segmentEnd = segmentEnd(request.target(), from + 1, end);
      RouteTree child = children.get(request.target(), from + 1, segmentEnd);
      if (child != null) {
        found = child.best(hostClass, request, segmentEnd, found);
      }
      if (variable != null && segmentEnd > from + 1) {
        found = variable.best(hostClass, request, segmentEnd, found);
      }
    }
    return first(here, hostClass, request, first(below, hostClass, request, found));
  }

  /** Visits all routes whose paths match, in no order. */
  void forEachOnTheWay(String path, int from, Consumer<Route> visitor) {
    here.forEach(visitor);
    if (from == path.length()) {
      complete.forEach(visitor);
      return;
    }
    below.forEach(visitor);
    int segmentEnd = segmentEnd(path, from + 1, path.length());
    RouteTree child = children.get(path, from + 1, segmentEnd);
    if (child != null) {
      child.forEachOnTheWay(path, segmentEnd, visitor);
    }
    if (variable != null && segmentEnd > from + 1) {
      variable.forEachOnTheWay(path, segmentEnd, visitor);
    }
  }

  private static @Nullable Route first(
      List<Route> bucket, HostClass hostClass, Sanitized request, @Nullable Route best) {
    for (int i = 0; i < bucket.size(); i++) {
      Route route = bucket.get(i);
      if (best != null && best.rank() < route.rank()) {
        return best;
      }
      if (route.takes(hostClass, request.head())) {
        return route;
      }
    }
    return best;
  }

  private static int segmentEnd(String path, int from, int end) {
    int slash = path.indexOf('/', from, end);
    return slash < 0 ? end : slash;
  }
}
