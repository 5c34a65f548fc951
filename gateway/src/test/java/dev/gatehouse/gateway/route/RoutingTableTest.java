package dev.gatehouse.gateway.route;

import static dev.gatehouse.gateway.route.Routes.route;
import static dev.gatehouse.gateway.route.Routes.table;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.contract.edge.EdgeRoute;
import dev.gatehouse.contract.edge.EdgeRoute.HostClass;
import dev.gatehouse.gateway.rejection.Rejection;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which route takes a request. */
@Timeout(60)
class RoutingTableTest {

  private static boolean matches(String json, TestHead head) {
    return table(route(json)).match(HostClass.ANY, head.sanitized()) != null;
  }

  private static EdgeRoute winner(TestHead head, EdgeRoute... routes) {
    Route forward = table(routes).match(HostClass.CUSTOM, head.sanitized());
    Route backward =
        table(List.of(routes).reversed().toArray(EdgeRoute[]::new))
            .match(HostClass.CUSTOM, head.sanitized());
    EdgeRoute winner = requireNonNull(forward).edge();
    assertThat(requireNonNull(backward).edge())
        .as("whatever the order of the feed")
        .isEqualTo(winner);
    return winner;
  }

  @ParameterizedTest
  @CsvSource({
    "/api, /api, true",
    "/api, /api/, true",
    "/api, /api/x, true",
    "/api, /api/x?y=/z, true",
    "/api, /api?x, true",
    "/api, /apix, false",
    "/api, /ap, false",
    "/api, /, false",
    "/api, /x/api, false",
    "/api/, /api/, true",
    "/api/, /api/x, true",
    "/api/, /api, false",
    "/, /, true",
    "/, /x/y/, true",
    "/a/b, /a/b/c, true",
    "/a/b, /a/bc, false",
    "/a/b, /a?/b, false",
  })
  void takesWholeSegmentsUnderAPrefix(String prefix, String target, boolean matches) {
    assertThat(matches("{\"pathPrefix\":\"" + prefix + "\"}", TestHead.get(target)))
        .isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource({
    "/orders/{id}, /orders/latest, /orders/l%61test, false",
    "/orders/{id}, /orders/latest, /orders/latest;v=1, false",
    "/orders/{id}, /orders/latest, /orders/a%20b;v=1, true",
    "/orders/{id}, /orders/latest, /orders/%256catest, true",
    "/a/{id}, /a;b/c, /a/c;d, false",
    "/a/{id}, /a;b/c, /a;b/c, true",
    "/orders/{id}, /orders/latest, /orders/latest?a=%61;b, true",
  })
  void takesNoPathThatCanBeReadAsOneOfAnother(
      String template, String exact, String target, boolean taken) {
    RoutingTable table =
        table(
            route("{\"pathTemplate\":\"" + template + "\"}"),
            route("{\"pathExact\":\"" + exact + "\"}"));
    if (taken) {
      assertThat(table.match(HostClass.ANY, TestHead.get(target).sanitized())).isNotNull();
    } else {
      assertThatThrownBy(() -> table.match(HostClass.ANY, TestHead.get(target).sanitized()))
          .isInstanceOf(Rejection.BadRequest.class);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/a, /a, true",
    "/a, /a?b, true",
    "/a, /a/, false",
    "/a/, /a/, true",
    "/a/, /a, false",
    "/a, /A, false",
    "/, /, true",
    "/, /a, false"
  })
  void takesTheWholePathWhereItIsExact(String path, String target, boolean matches) {
    assertThat(matches("{\"pathExact\":\"" + path + "\"}", TestHead.get(target)))
        .isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource({
    "/orders/{id}, /orders/7, true",
    "/orders/{id}, /orders/7?x, true",
    "/orders/{id}, /orders/, false",
    "/orders/{id}, /orders, false",
    "/orders/{id}, /orders/7/, false",
    "/orders/{id}, /orders/7/lines, false",
    "/orders/{id}/lines, /orders/7/lines, true",
    "/{a}/{b}, /x/y, true",
    "/{a}/{b}, /x/, false",
    "/orders/{id}, /orders/{id}, true"
  })
  void takesOneSegmentForEachVariable(String template, String target, boolean matches) {
    assertThat(matches("{\"pathTemplate\":\"" + template + "\"}", TestHead.get(target)))
        .isEqualTo(matches);
  }

  @Test
  void doesNotReadBracesInAPrefixAsAVariable() {
    assertThat(matches("{\"pathPrefix\":\"/{id}\"}", TestHead.get("/7"))).isFalse();
  }

  @Test
  void prefersExactToTemplateToPrefix() {
    EdgeRoute exact = route("{\"pathExact\":\"/a/b\"}");
    EdgeRoute template = route("{\"pathTemplate\":\"/a/{x}\"}");
    EdgeRoute prefix = route("{\"pathPrefix\":\"/a/b\"}");

    assertThat(winner(TestHead.get("/a/b"), exact, template, prefix)).isEqualTo(exact);
    assertThat(winner(TestHead.get("/a/b"), template, prefix)).isEqualTo(template);
  }

  @Test
  void prefersTheTemplateWithMoreThatIsFixed() {
    EdgeRoute me = route("{\"pathTemplate\":\"/users/me/{part}\"}");
    EdgeRoute any = route("{\"pathTemplate\":\"/users/{identifier}/{part}\"}");

    assertThat(winner(TestHead.get("/users/me/mail"), me, any)).isEqualTo(me);
    assertThat(winner(TestHead.get("/users/you/mail"), me, any)).isEqualTo(any);
  }

  @Test
  void fallsBackToALessSpecificRouteThatTakesTheMethod() {
    EdgeRoute exact = route("{\"pathExact\":\"/a\",\"methods\":[\"GET\"]}");
    EdgeRoute prefix = route("{\"pathPrefix\":\"/\"}");

    assertThat(winner(TestHead.get("/a").with(HttpMethod.POST), exact, prefix)).isEqualTo(prefix);
  }

  @Test
  void prefersMethodThenHeadersThenHostThenTheSmallerId() {
    EdgeRoute plain =
        route("{\"id\":\"00000000-0000-7000-8000-000000000002\",\"pathPrefix\":\"/\"}");
    EdgeRoute smaller =
        route("{\"id\":\"00000000-0000-7000-8000-000000000001\",\"pathPrefix\":\"/\"}");
    EdgeRoute hosted = route("{\"pathPrefix\":\"/\",\"hosts\":\"custom\"}");
    EdgeRoute header = route("{\"pathPrefix\":\"/\",\"headers\":[{\"name\":\"X-Beta\"}]}");
    EdgeRoute method = route("{\"pathPrefix\":\"/\",\"methods\":[\"GET\"]}");
    TestHead head = TestHead.get("/").with("x-beta", "1");

    assertThat(winner(head, plain, smaller, hosted, header, method)).isEqualTo(method);
    assertThat(winner(head, plain, smaller, hosted, header)).isEqualTo(header);
    assertThat(winner(head, plain, smaller, hosted)).isEqualTo(hosted);
    assertThat(winner(head, plain, smaller)).isEqualTo(smaller);
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"name\":\"x-a\"}', 1, true",
    "'{\"name\":\"x-a\"}', , false",
    "'{\"name\":\"x-a\",\"value\":\"1\"}', 1, true",
    "'{\"name\":\"x-a\",\"value\":\"1\"}', 10, false",
    "'{\"name\":\"x-a\",\"value\":\"1\"}', , false",
    "'{\"name\":\"x-a\",\"absent\":true}', , true",
    "'{\"name\":\"x-a\",\"absent\":true}', 1, false",
    "'{\"name\":\"x-a\",\"absent\":false}', 1, true"
  })
  void asksForAllHeadersThatARouteNames(String condition, String value, boolean matches) {
    TestHead head = TestHead.get("/").with("X-B", "b");
    if (value != null) {
      head.with("X-A", "other").with("X-A", value);
    }

    assertThat(
            matches(
                "{\"pathPrefix\":\"/\",\"headers\":[{\"name\":\"x-b\"}," + condition + "]}", head))
        .isEqualTo(matches);
  }

  @Test
  void takesHeadWhereItTakesGet() {
    String json = "{\"pathPrefix\":\"/\",\"methods\":[\"GET\"]}";

    assertThat(matches(json, TestHead.get("/").with(HttpMethod.HEAD))).isTrue();
    assertThat(matches(json, TestHead.get("/").with(HttpMethod.POST))).isFalse();
  }

  @Test
  void leavesOutRoutesWhoseServiceIsNotKnown() {
    RoutingTable table =
        RoutingTable.of(
            List.of(
                route("{\"pathExact\":\"/\",\"service\":\"missing\"}"),
                route(
                    """
                    {"pathExact":"/","destinations":{"services":[
                      {"service":"app","weight":1},{"service":"missing","weight":1}]}}\
                    """),
                route(
                    """
                    {"pathPrefix":"/","mirror":{"service":"missing","percent":1}}\
                    """)),
            Map.copyOf(Routes.SERVICES));

    Route taken = table.match(HostClass.ANY, TestHead.get("/").sanitized());

    assertThat(requireNonNull(taken).edge().mirror()).as("a mirror is not needed").isPresent();
  }

  @Test
  void copiesAsManyRequestsAsAMirrorIsToGet() {
    MirrorTo mirror = new MirrorTo(requireNonNull(Routes.SERVICES.get("other")), 30);

    long copies = IntStream.range(0, 10_000).filter(_ -> mirror.takesThisOne()).count();

    assertThat(copies).as("ten standard deviations").isBetween(2540L, 3460L);
  }
}
