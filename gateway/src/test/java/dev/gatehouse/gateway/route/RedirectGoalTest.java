package dev.gatehouse.gateway.route;

import static dev.gatehouse.gateway.route.Routes.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gatehouse.contract.edge.EdgeRoute;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a redirect leads. */
@Timeout(60)
class RedirectGoalTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'scheme':'https'}|/a/b?c|https://acme.example.test/a/b?c",
        "{'host':'new.example:8443'}|/a/b|http://new.example:8443/a/b",
        "{'scheme':'https','host':'new.example'}|/a?b|https://new.example/a?b",
        "{'path':'/z'}|/a/b?c|/z?c",
        "{'prefix':'/z'}|/a/b?c|/z/b?c",
        "{'prefix':'/'}|/a|/",
        "{'prefix':'/'}|/a/evil.example|/evil.example",
        "{'host':'new.example','prefix':'/'}|/a/@evil.example|http://new.example/@evil.example",
        "{'scheme':'https','prefix':'/'}|/a/x?u=//evil|https://acme.example.test/x?u=//evil"
      })
  void takesWhatIsNotNamedFromTheRequest(String redirect, String target, String location) {
    EdgeRoute route =
        route("{\"pathPrefix\":\"/a\",\"redirect\":%s}".formatted(redirect.replace('\'', '"')));

    assertThat(
            RedirectGoal.of(route, route.redirect().orElseThrow())
                .location(TestHead.get(target).sanitized()))
        .isEqualTo(location);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'scheme':'javascript'}",
        "{'host':'a.example/b'}",
        "{'host':'user@a.example'}",
        "{'host':'a.example\\r\\nSet-Cookie: x=1'}",
        "{'path':'//evil.example'}",
        "{'path':'/a\\r\\nSet-Cookie: x=1'}",
        "{'prefix':'//evil.example'}",
        "{'prefix':'/\\\\evil.example'}",
        "{'prefix':'a'}"
      })
  void takesNoPartThatCouldBeReadAsAnother(String redirect) {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            route(
                "{\"pathPrefix\":\"/a\",\"redirect\":%s}".formatted(redirect.replace('\'', '"'))));
  }
}
