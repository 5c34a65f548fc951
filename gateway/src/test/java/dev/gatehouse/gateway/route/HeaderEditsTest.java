package dev.gatehouse.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.HeaderChanges;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a route may do to headers. */
@Timeout(60)
class HeaderEditsTest {

  @Test
  void removesThenSetsThenAdds() {
    MultiMap headers =
        MultiMap.caseInsensitiveMultiMap().add("A", "1").add("a", "2").add("B", "1").add("C", "1");

    HeaderEdits.of(
            Optional.of(
                new HeaderChanges(
                    Optional.of(List.of("a")),
                    Optional.of(Map.of("b", "2")),
                    Optional.of(Map.of("A", "3", "c", "2")))))
        .apply(headers);

    assertThat(headers.getAll("a")).containsExactly("3");
    assertThat(headers.getAll("b")).containsExactly("2");
    assertThat(headers.getAll("c")).containsExactly("1", "2");
  }

  /** Clients may not say it; that is what makes it worth something to the service. */
  @Test
  void saysOfTheTargetWhatClientsMayNot() {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();

    HeaderEdits.of(
            Optional.of(
                new HeaderChanges(
                    Optional.empty(),
                    Optional.of(Map.of("X-Original-URL", "/a")),
                    Optional.empty())))
        .apply(headers);

    assertThat(headers.get("X-Original-URL")).isEqualTo("/a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Tenant-Id",
        "x_tenant_context",
        "XTenantSlug",
        "Host",
        "Content-Length",
        "transfer-encoding",
        "Connection",
        "Keep-Alive",
        "TE",
        "Trailer",
        "Upgrade",
        "Proxy-Authorization",
        "Forwarded",
        "X-Forwarded-For",
        "X-Real-IP",
        "traceparent",
        "Expect",
        "HTTP2-Settings",
        "X-API-Key"
      })
  void neverTouchesWhatIsNotTheRoutes(String name) {
    assertThat(HeaderEdits.NONE.withSet(name, "forged")).isEqualTo(HeaderEdits.NONE);
  }

  @Test
  void doesNothingByOneObjectWhereNothingIsAsked() {
    assertThat(Edits.of(Routes.route("{\"pathPrefix\":\"/\"}"), Routes.SERVICES))
        .isSameAs(Edits.NONE);
  }
}
