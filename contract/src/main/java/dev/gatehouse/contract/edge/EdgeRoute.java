package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Which requests go to which service, and what is changed on the way. Exactly one of {@code
 * pathPrefix}, {@code pathExact} and {@code pathTemplate} is given, and exactly one of {@code
 * service}, {@code destinations}, {@code redirect}.
 *
 * <p>Of all routes that match, the most specific wins: an exact path before a template before a
 * prefix, longer before shorter (the variables of a template do not count); then one that names the
 * method before one that does not, one with more header conditions before one with fewer, one for
 * the host's class before one for any host, and at last the smaller id.
 *
 * @param id never changes
 * @param hosts which of a tenant's hosts it is for
 * @param pathPrefix begins with a slash; matches whole segments: {@code /api} matches {@code /api}
 *     and {@code /api/x}, not {@code /apix}
 * @param pathExact the whole path
 * @param pathTemplate a path with variables, each one segment: {@code /orders/{id}/lines}
 * @param methods upper case; empty for all
 * @param headers conditions on request headers, all of which must hold
 * @param service name of the {@link EdgeService} that all requests go to
 * @param destinations services among which requests are split
 * @param redirect where the client is sent instead
 * @param versions versions of an API behind the route
 * @param rewrite how the path changes on its way
 * @param requestHeaders changes to what the upstream sees; the gateway's own headers cannot be
 *     changed
 * @param responseHeaders changes to what the client sees
 * @param mirror a service that gets a copy
 * @param totalTimeout in place of the service's
 * @param access who may use it; whoever the tenant lets in if absent
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record EdgeRoute(
    UUID id,
    HostClass hosts,
    Optional<String> pathPrefix,
    Optional<String> pathExact,
    Optional<String> pathTemplate,
    Optional<Set<String>> methods,
    Optional<List<HeaderCondition>> headers,
    Optional<String> service,
    Optional<Destinations> destinations,
    Optional<Redirect> redirect,
    Optional<ApiVersions> versions,
    Optional<Rewrite> rewrite,
    Optional<HeaderChanges> requestHeaders,
    Optional<HeaderChanges> responseHeaders,
    Optional<Mirror> mirror,
    Optional<Duration> totalTimeout,
    Optional<RouteAccess> access)
    implements EdgeObject {

  /**
   * @throws IllegalArgumentException if it is not one path and one goal, a path has no slash at its
   *     beginning, variables do not fit, or a redirect has what only requests that are forwarded
   *     have
   */
  public EdgeRoute {
    methods = methods.map(Set::copyOf);
    headers = headers.map(List::copyOf);
    requireOne("pathPrefix, pathExact and pathTemplate", pathPrefix, pathExact, pathTemplate);
    requireOne("service, destinations and redirect", service, destinations, redirect);
    Stream.of(pathPrefix, pathExact, pathTemplate)
        .flatMap(Optional::stream)
        .filter(path -> !path.startsWith("/"))
        .forEach(path -> {
          throw new IllegalArgumentException("a path must begin with /, found \"" + path + "\"");
        });
    Set<String> variables = pathTemplate.map(PathTemplate::variables).orElse(Set.of());
    rewrite.flatMap(Rewrite::path).ifPresent(to -> PathTemplate.requireOnly(variables, to));
    if (redirect.isPresent()
        && Stream.of(versions, rewrite, requestHeaders, mirror, totalTimeout)
            .anyMatch(Optional::isPresent)) {
      throw new IllegalArgumentException(
          "a redirect has no versions, rewrite, requestHeaders, mirror and totalTimeout");
    }
  }

  /** Everything under a prefix goes to one service, whatever the host and the method. */
  public static EdgeRoute toService(UUID id, String pathPrefix, String service) {
    return new EdgeRoute(
        id,
        HostClass.ANY,
        Optional.of(pathPrefix),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(service),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** The names of all services that it may lead to. */
  public Stream<String> serviceNames() {
    return Stream.of(
            service.stream(),
            destinations.stream().flatMap(Destinations::serviceNames),
            versions.stream().flatMap(ApiVersions::serviceNames),
            mirror.stream().map(Mirror::service))
        .flatMap(names -> names);
  }

  @Override
  public Kind kind() {
    return Kind.ROUTE;
  }

  @Override
  public String key() {
    return id.toString();
  }

  private static void requireOne(String names, Optional<?>... given) {
    if (Stream.of(given).filter(Optional::isPresent).count() != 1) {
      throw new IllegalArgumentException("a route must have exactly one of " + names);
    }
  }

  /** Classes of hosts that a tenant is reached at. */
  public enum HostClass implements WireName {
    /** All of them. */
    ANY,
    /** {@code slug.<base domain>}. */
    SUBDOMAIN,
    /** The tenant's own domains. */
    CUSTOM;

    @Override
    public String wireName() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Reads {@link #wireName()} back.
     *
     * @throws IllegalArgumentException if there is no such name
     */
    @JsonCreator
    public static HostClass fromWireName(String name) {
      return WireName.parse("hosts", values(), name);
    }
  }
}
