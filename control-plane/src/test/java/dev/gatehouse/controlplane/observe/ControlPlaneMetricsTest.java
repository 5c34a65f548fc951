package dev.gatehouse.controlplane.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import dev.gatehouse.controlplane.Sql;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a Prometheus is told by a running control plane, and that it is told to nobody else. */
@Timeout(120)
class ControlPlaneMetricsTest {
  private static final Pattern OWN = Pattern.compile("gatehouse_(?:platform|controlplane)_\\w+");
  private static final Pattern TENANTS =
      Pattern.compile("gatehouse_platform_tenants\\{status=\"active\"} [1-9]");
  private static final ApiClient OPERATOR = RunningControlPlane.operator();

  private static final ApiClient PROMETHEUS = withScopes("metrics:read");

  private static ApiClient withScopes(String... scopes) {
    JsonArray all = new JsonArray();
    Set.of(scopes).forEach(all::add);
    Reply made =
        OPERATOR.post(
            "/v1/tokens",
            JsonObject.of("kind", "operator", "name", "prometheus", "role", "auditor")
                .put("scopes", all));
    assertThat(made.status()).as(made.toString()).isEqualTo(201);
    return RunningControlPlane.withToken(made.json().getString("secret"));
  }

  private static String scraped() {
    Reply reply = PROMETHEUS.get("/metrics");
    assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
    assertThat(reply.header("Content-Type")).startsWith("text/plain; version=0.0.4");
    return reply.text();
  }

  @Test
  void countsRequestsByTheOperationAndNeverByWhatAClientSays() {
    assertThat(OPERATOR.post("/v1/tenants", Fresh.tenant()).status()).isEqualTo(201);
    OPERATOR.get("/v1/tenants/nobody-has-this-" + Fresh.slug());
    OPERATOR.get("/made-up-by-a-client");

    String text = scraped();

    assertThat(text)
        .contains(
            "gatehouse_controlplane_requests_seconds_count{operation=\"createTenant\",status=\"2xx\"}",
            "gatehouse_controlplane_requests_seconds_count{operation=\"getTenant\",status=\"4xx\"}",
            "gatehouse_controlplane_requests_seconds_count{operation=\"none\",status=\"4xx\"}",
            "gatehouse_controlplane_database_up 1.0",
            "gatehouse_platform_jobs_failing{kind=\"usage",
            "jvm_memory_used_bytes")
        .doesNotContain("made-up-by-a-client", "nobody-has-this");
  }

  /** It is not read anew for everybody who asks. */
  @Test
  void tellsOfThePlatform() {
    assertThat(OPERATOR.post("/v1/tenants", Fresh.tenant()).status()).isEqualTo(201);

    Sql.await(() -> TENANTS.matcher(scraped()).find());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "gho_0000000000000000_x", "gateway", "tenants:read"})
  void areForNobodyElse(String who) {
    ApiClient caller =
        switch (who) {
          case "gateway" -> RunningControlPlane.withToken(RunningControlPlane.gatewayToken());
          case "tenants:read" -> withScopes(who);
          default -> RunningControlPlane.withToken(who);
        };

    Reply reply = caller.get("/metrics");

    assertThat(reply.status()).isEqualTo(who.equals("tenants:read") ? 403 : 401);
    assertThat(reply.text()).doesNotContain("gatehouse_");
  }

  /** Series that there are only with gateways, and once there are tenants, are named by hand. */
  @Test
  void rulesAndDocumentNameWhatThereIs() throws Exception {
    Set<String> there = names(scraped());
    there.add("gatehouse_platform_gateway_lag_revisions");
    there.add("gatehouse_platform_gateway_silence_seconds");
    there.add("gatehouse_platform_tenants");
    there.add("gatehouse_platform_tenants_health");

    assertThat(there)
        .containsAll(
            names(Files.readString(Path.of("../deploy/grafana/alerts/control-plane.rules.yml"))));
    assertThat(names(Files.readString(Path.of("../docs/metrics.md"))))
        .allSatisfy(name ->
            assertThat(there.stream().map(ControlPlaneMetricsTest::family)).contains(family(name)));
    assertThat(there.stream().map(ControlPlaneMetricsTest::family))
        .allSatisfy(name ->
            assertThat(
                    names(Files.readString(Path.of("../docs/metrics.md"))).stream()
                        .map(ControlPlaneMetricsTest::family))
                .contains(name));
  }

  private static Set<String> names(String text) {
    Set<String> names = new TreeSet<>();
    OWN.matcher(text).results().map(MatchResult::group).forEach(names::add);
    return names;
  }

  private static String family(String series) {
    return series.replaceAll("_(count|sum|max)$", "");
  }
}
