package dev.gatehouse.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EdgeRoute;
import dev.gatehouse.contract.edge.EdgeRoute.HostClass;
import dev.gatehouse.contract.edge.HeaderCondition;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tree finds what a look at each route, one by one, finds. */
@Timeout(120)
class RoutingTablePropertyTest {
  private static final List<String> SEGMENTS = List.of("a", "b", "ab", "c.d", "%41", "a%20b");
  private static final List<String> VARIABLES = List.of("{?}", "{?}");
  private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "DELETE");

  static IntStream seeds() {
    return IntStream.range(0, 200);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void findsWhatALinearSearchFinds(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<EdgeRoute> routes = new ArrayList<>();
    for (int i = random.nextInt(1, 60); i > 0; i--) {
      routes.add(randomRoute(random));
    }
    RoutingTable table = RoutingTable.of(routes, Routes.SERVICES);
    for (int i = 0; i < 200; i++) {
      TestHead head = randomHead(random);
      HostClass hostClass = List.of(HostClass.values()).get(random.nextInt(3));

      Route found = table.match(hostClass, head.sanitized());

      assertThat(Optional.ofNullable(found).map(route -> route.edge().id()))
          .as("%s %s %s at %s with %s", seed, head.method(), head.uri(), hostClass, routes)
          .isEqualTo(expected(routes, hostClass, head).map(EdgeRoute::id));
    }
  }

  private static Optional<EdgeRoute> expected(
      List<EdgeRoute> routes, HostClass hostClass, TestHead head) {
    return routes.stream()
        .filter(route -> pattern(route).matcher(head.sanitized().path()).matches())
        .filter(route -> route.hosts() == HostClass.ANY || route.hosts() == hostClass)
        .filter(
            route -> route.methods().stream().allMatch(set -> allows(set, head.method().name())))
        .filter(
            route -> route.headers().stream().flatMap(List::stream).allMatch(c -> holds(c, head)))
        .min(
            Comparator.comparingInt((EdgeRoute route) ->
                    route.pathExact().isPresent() ? 0 : route.pathTemplate().isPresent() ? 1 : 2)
                .thenComparingInt(route -> -length(route))
                .thenComparing(route -> route.methods().isEmpty())
                .thenComparingInt(route -> -route.headers().map(List::size).orElse(0))
                .thenComparing(route -> route.hosts() == HostClass.ANY)
                .thenComparing(EdgeRoute::id));
  }

  /** The path of a route as a regular expression. */
  private static Pattern pattern(EdgeRoute route) {
    if (route.pathExact().isPresent()) {
      return Pattern.compile(Pattern.quote(route.pathExact().get()));
    }
    if (route.pathTemplate().isPresent()) {
      return Pattern.compile(
          ("\\Q" + route.pathTemplate().get() + "\\E").replaceAll("\\{.\\}", "\\\\E[^/]+\\\\Q"));
    }
    String prefix = route.pathPrefix().orElseThrow();
    return Pattern.compile(Pattern.quote(prefix) + (prefix.endsWith("/") ? ".*" : "(/.*)?"));
  }

  private static int length(EdgeRoute route) {
    return route
        .pathExact()
        .or(route::pathPrefix)
        .orElseGet(() -> route.pathTemplate().orElseThrow().replaceAll("\\{.\\}|/", ""))
        .length();
  }

  private static boolean allows(Set<String> methods, String method) {
    return methods.contains(method) || (method.equals("HEAD") && methods.contains("GET"));
  }

  private static boolean holds(HeaderCondition condition, TestHead head) {
    List<String> values = head.allHeaders().getAll(condition.name());
    return condition.absent().orElse(false)
        ? values.isEmpty()
        : condition.value().map(values::contains).orElse(!values.isEmpty());
  }

  private static EdgeRoute randomRoute(SplittableRandom random) {
    JsonObject route =
        JsonObject.of("id", new UUID(random.nextLong(), random.nextLong()).toString());
    switch (random.nextInt(3)) {
      case 0 -> route.put("pathExact", randomPath(random, SEGMENTS));
      case 1 -> {
        List<String> withVariables = new ArrayList<>(SEGMENTS);
        withVariables.addAll(VARIABLES);
        withVariables.addAll(VARIABLES);
        route.put("pathTemplate", withDifferentVariables(randomPath(random, withVariables)));
      }
      default -> route.put("pathPrefix", randomPath(random, SEGMENTS));
    }
    route.put("hosts", List.of("any", "any", "subdomain", "custom").get(random.nextInt(4)));
    if (random.nextInt(3) == 0) {
      JsonArray methods = new JsonArray();
      for (String method : METHODS) {
        if (random.nextBoolean()) {
          methods.add(method);
        }
      }
      if (!methods.isEmpty()) {
        route.put("methods", methods);
      }
    }
    if (random.nextInt(3) == 0) {
      JsonArray conditions = new JsonArray();
      for (int i = random.nextInt(1, 3); i > 0; i--) {
        JsonObject condition = JsonObject.of("name", "x-" + random.nextInt(2));
        switch (random.nextInt(3)) {
          case 0 -> condition.put("value", "" + random.nextInt(2));
          case 1 -> condition.put("absent", true);
          default -> {}
        }
        conditions.add(condition);
      }
      route.put("headers", conditions);
    }
    return Routes.route(route.encode());
  }

  private static String withDifferentVariables(String template) {
    String different = template;
    for (char name = 'a'; different.contains("{?}"); name++) {
      different = different.replaceFirst("\\{\\?}", "{" + name + "}");
    }
    return different;
  }

  private static TestHead randomHead(SplittableRandom random) {
    String query = random.nextInt(3) == 0 ? "?a=/b" : "";
    TestHead head =
        TestHead.get(randomPath(random, SEGMENTS) + query)
            .with(HttpMethod.valueOf(METHODS.get(random.nextInt(METHODS.size()))));
    for (int i = random.nextInt(3); i > 0; i--) {
      head.with("X-" + random.nextInt(2), "" + random.nextInt(2));
    }
    return head;
  }

  private static String randomPath(SplittableRandom random, List<String> segments) {
    StringBuilder path = new StringBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      path.append('/').append(segments.get(random.nextInt(segments.size())));
    }
    return path.isEmpty() || random.nextInt(4) == 0 ? path.append('/').toString() : path.toString();
  }
}
