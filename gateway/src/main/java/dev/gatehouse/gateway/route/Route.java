package dev.gatehouse.gateway.route;

import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.edge.EdgeRoute;
import dev.gatehouse.contract.edge.EdgeRoute.HostClass;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.HeaderCondition;
import dev.gatehouse.gateway.RequestHead;
import dev.gatehouse.gateway.authenticate.Authenticated;
import dev.gatehouse.gateway.login.Anonymous;
import dev.gatehouse.gateway.rejection.Rejection;
import io.vertx.core.MultiMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** A route as requests meet it. Immutable, shared by all threads. */
public final class Route {
  private final EdgeRoute edge;
  private final int rank;
  private final String path;
  private final Set<String> methods;
  private final List<HeaderCondition> headers;
  private final Goal goal;
  private final Optional<Access> access;

  /**
   * @param rank its place among all routes, the most specific first
   * @throws java.util.NoSuchElementException if a service that it needs is not known
   */
  Route(EdgeRoute edge, int rank, Map<String, EdgeService> servicesByName) {
    this.edge = edge;
    this.rank = rank;
    this.path = pathOf(edge);
    this.methods = edge.methods().map(Route::withHead).orElse(Set.of());
    this.headers = edge.headers().orElse(List.of());
    this.goal = Goal.of(edge, servicesByName);
    this.access = edge.access().map(Access::of);
  }

  /** One that leads everything to a service, and is in no table. */
  public static Route to(EdgeService service) {
    EdgeRoute all = EdgeRoute.toService(new UUID(0, 0), "/", service.name());
    return new Route(all, 0, Map.of(service.name(), service));
  }

  /** What the control plane said of it. */
  public EdgeRoute edge() {
    return edge;
  }

  /** The services that it leads to must be known; a mirror need not be. */
  static boolean isComplete(EdgeRoute route, Map<String, EdgeService> servicesByName) {
    String mirror = route.mirror().map(copy -> copy.service()).orElse("");
    return route
        .serviceNames()
        .allMatch(name -> servicesByName.containsKey(name) || name.equals(mirror));
  }

  /** Its path as it was given: with {@code /*} at its end where it is a prefix. */
  public String path() {
    return path;
  }

  private static String pathOf(EdgeRoute edge) {
    PathPattern path = PathPattern.of(edge);
    if (path.kind() != PathPattern.Kind.PREFIX) {
      return path.text();
    }
    return path.text().endsWith("/") ? path.text() + "*" : path.text() + "/*";
  }

  /** Why it does not take a request whose path matches; empty if it does. */
  public Optional<String> whyNot(HostClass hostClass, RequestHead head) {
    if (!takesHost(hostClass)) {
      return Optional.of("it is for hosts of class " + edge.hosts().wireName());
    }
    if (!takesMethod(head.method().name())) {
      return Optional.of("it is for " + String.join(", ", new TreeSet<>(methods)));
    }
    return headers.stream()
        .filter(condition -> !holds(condition, head.allHeaders()))
        .map(condition -> "the header " + condition.name() + " is not as it asks")
        .findFirst();
  }

  /** Whether callers without a credential may use it, whatever their tenant says. */
  public boolean isOpen() {
    return access.isPresent() && access.get().isOpen();
  }

  /** Whether callers must have proved in this way who they are, besides others. */
  public boolean requires(AuthenticationMethod method) {
    return access.isPresent() && access.get().requiredMethods().contains(method);
  }

  /**
   * @throws Rejection if the caller may not use it
   */
  void requireAccess(Authenticated caller) {
    if (caller.principal().admittedByRoute() && !isOpen()) {
      // The routes have changed since it was let in.
      throw Anonymous.refusal(caller.request());
    }
    if (access.isPresent()) {
      access.get().require(caller);
    }
  }

  int rank() {
    return rank;
  }

  Goal goal() {
    return goal;
  }

  /** The methods that it is for; empty for all. */
  Set<String> methods() {
    return methods;
  }

  /** Whether all but its path is as it should be. */
  boolean takes(HostClass hostClass, RequestHead head) {
    return takesHost(hostClass) && takesMethod(head.method().name()) && takesHeaders(head);
  }

  boolean takesHost(HostClass hostClass) {
    return edge.hosts() == HostClass.ANY || edge.hosts() == hostClass;
  }

  boolean takesMethod(String method) {
    return methods.isEmpty() || methods.contains(method);
  }

  boolean takesHeaders(RequestHead head) {
    for (int i = 0; i < headers.size(); i++) {
      if (!holds(headers.get(i), head.allHeaders())) {
        return false;
      }
    }
    return true;
  }

  private static boolean holds(HeaderCondition condition, MultiMap headers) {
    if (condition.value().isPresent()) {
      return headers.getAll(condition.name()).contains(condition.value().get());
    }
    return headers.contains(condition.name()) != condition.absent().orElse(false);
  }

  /** Who may GET may ask for the head alone (RFC 9110 section 9.3.2). */
  private static Set<String> withHead(Set<String> methods) {
    if (!methods.contains("GET")) {
      return methods;
    }
    Set<String> more = new HashSet<>(methods);
    more.add("HEAD");
    return Set.copyOf(more);
  }
}
