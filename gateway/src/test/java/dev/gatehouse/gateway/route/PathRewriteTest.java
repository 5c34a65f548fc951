package dev.gatehouse.gateway.route;

import static dev.gatehouse.gateway.route.Routes.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EdgeRoute;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the upstream is asked for. */
@Timeout(60)
class PathRewriteTest {

  private static String rewritten(EdgeRoute route, String target) {
    int query = target.indexOf('?');
    return PathRewrite.of(route).rewrite(target, query < 0 ? target.length() : query);
  }

  @ParameterizedTest
  @CsvSource({
    "/api, /, /api, /",
    "/api, /, /api/, /",
    "/api, /, /api/x, /x",
    "/api, /, /api/x?q=/api, /x?q=/api",
    "/api, /, /api?q, /?q",
    "/api/, /, /api/x, /x",
    "/api/, /, /api/, /",
    "/api, /v2, /api/x, /v2/x",
    "/api, /v2, /api, /v2",
    "/api, /v2/, /api/x, /v2/x",
    "/api, /v2/a, /api/x/, /v2/a/x/",
    "/, /app, /x, /app/x",
    "/, /app, /, /app/",
    "/, /, /x, /x"
  })
  void replacesAPrefix(String prefix, String by, String target, String expected) {
    EdgeRoute route =
        route("{\"pathPrefix\":\"%s\",\"rewrite\":{\"prefix\":\"%s\"}}".formatted(prefix, by));

    assertThat(rewritten(route, target)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "/o/{id}, /orders/{id}, /o/7, /orders/7",
    "/o/{id}, /orders/{id}/lines, /o/7?x={id}, /orders/7/lines?x={id}",
    "/{a}/{b}, /{b}/{a}, /x/y, /y/x",
    "/{a}/{b}, /f{b}-{a}, /x/%41, /f%41-x",
    "/{a}, /{a}/{a}, /{a}, /{a}/{a}",
    "/{a}, /fixed, /x?q, /fixed?q"
  })
  void fillsVariablesIntoAPath(String template, String path, String target, String expected) {
    EdgeRoute route =
        route("{\"pathTemplate\":\"%s\",\"rewrite\":{\"path\":\"%s\"}}".formatted(template, path));

    assertThat(rewritten(route, target)).isEqualTo(expected);
  }

  @Test
  void replacesTheWholePathAndKeepsTheQuery() {
    EdgeRoute route = route("{\"pathPrefix\":\"/a\",\"rewrite\":{\"path\":\"/b\"}}");

    assertThat(rewritten(route, "/a/c?d=e")).isEqualTo("/b?d=e");
  }

  @Test
  void givesTheVeryTargetWhereNothingIsRewritten() {
    String target = "/a/b?c";

    assertThat(rewritten(route("{\"pathPrefix\":\"/a\"}"), target)).isSameAs(target);
  }
}
