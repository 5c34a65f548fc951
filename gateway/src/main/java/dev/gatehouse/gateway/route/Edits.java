package dev.gatehouse.gateway.route;

import dev.gatehouse.contract.edge.ApiVersions.ApiVersion;
import dev.gatehouse.contract.edge.EdgeRoute;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.Rewrite;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What one route, or one version of an API behind it, does to a request and its response besides
 * the path. Made once when the route changes; immutable and shared by all threads.
 *
 * @param upstreamHeaders changes to the request's headers
 * @param clientHeaders changes to the response's headers
 * @param host in place of the Host that the upstream sees; the client's if empty
 * @param mirror who gets a copy
 * @param totalTimeout in place of the service's
 */
public record Edits(
    HeaderEdits upstreamHeaders,
    HeaderEdits clientHeaders,
    Optional<String> host,
    Optional<MirrorTo> mirror,
    Optional<Duration> totalTimeout) {
  /** Nothing is changed. */
  public static final Edits NONE =
      new Edits(
          HeaderEdits.NONE, HeaderEdits.NONE, Optional.empty(), Optional.empty(), Optional.empty());

  /** What a route asks for. A mirror whose service is not known gets nothing. */
  static Edits of(EdgeRoute route, Map<String, EdgeService> servicesByName) {
    return orNone(
        new Edits(
            HeaderEdits.of(route.requestHeaders()),
            HeaderEdits.of(route.responseHeaders()),
            route.rewrite().flatMap(Rewrite::host),
            route.mirror().flatMap(mirror -> MirrorTo.of(mirror, servicesByName)),
            route.totalTimeout()));
  }

  /** These, and then what a version says of itself. */
  Edits with(ApiVersion version) {
    return orNone(
        new Edits(
            VersionHeaders.toUpstream(version, upstreamHeaders),
            VersionHeaders.toClient(version, clientHeaders),
            host,
            mirror,
            totalTimeout));
  }

  /** So that nothing to do is one object, for all routes. */
  private static Edits orNone(Edits edits) {
    return edits.equals(NONE) ? NONE : edits;
  }

  /** Changes the headers that an upstream gets; call it before the gateway adds its own. */
  public void toUpstream(MultiMap headers) {
    upstreamHeaders.apply(headers);
  }

  /** Changes the headers that a client gets. */
  public void toClient(MultiMap headers) {
    clientHeaders.apply(headers);
  }
}
