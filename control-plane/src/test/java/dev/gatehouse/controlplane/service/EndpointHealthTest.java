package dev.gatehouse.controlplane.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EndpointReport;
import dev.gatehouse.contract.edge.EndpointReport.BreakerHealth;
import dev.gatehouse.contract.edge.EndpointReport.EndpointHealth;
import dev.gatehouse.contract.edge.EndpointReport.ServiceHealth;
import dev.gatehouse.contract.edge.EndpointReport.State;
import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.RunningControlPlane;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What operators are told of endpoints, from what gateways have told. */
@Timeout(60)
class EndpointHealthTest {
  private static final ApiClient OPERATOR = RunningControlPlane.operator();
  private static final ApiClient GATEWAY =
      RunningControlPlane.withToken(RunningControlPlane.gatewayToken());

  private final String suffix = UUID.randomUUID().toString().substring(0, 8);
  private final String service = "s-" + suffix;
  private final String first = "gw-a-" + suffix;
  private final String second = "gw-b-" + suffix;

  @BeforeEach
  void makeService() throws Exception {
    JsonArray endpoints = new JsonArray();
    for (int i = 1; i <= 4; i++) {
      endpoints.add(JsonObject.of("host", "127.0.0." + i, "port", 8080));
    }
    assertThat(
            OPERATOR
                .post("/v1/services", JsonObject.of("name", service, "endpoints", endpoints))
                .status())
        .isEqualTo(201);
  }

  private static Instant since() {
    return Instant.now().truncatedTo(ChronoUnit.HOURS);
  }

  private static EndpointHealth fit(int number) {
    return endpoint(number, State.HEALTHY, "checks succeed", Optional.empty());
  }

  private static EndpointHealth ejected(int number) {
    return endpoint(
        number, State.EJECTED, "5 failures in a row", Optional.of("connection refused"));
  }

  private static EndpointHealth endpoint(
      int number, State state, String reason, Optional<String> error) {
    String host = "127.0.0." + number;
    return new EndpointHealth(
        host,
        8080,
        Optional.of(host),
        state,
        since(),
        reason,
        Optional.empty(),
        error,
        error.map(_ -> since()));
  }

  private void tell(String gateway, Optional<BreakerHealth> breaker, EndpointHealth... endpoints)
      throws Exception {
    EndpointReport report =
        new EndpointReport(
            gateway, List.of(new ServiceHealth(service, List.of(endpoints), breaker)), 0);
    JsonObject body = new JsonObject(new String(report.encode(), UTF_8));
    // One that follows the feed, but not lately: nobody waits for it.
    RunningControlPlane.sql(
        """
        INSERT INTO gateway (name, applied_revision, last_seen_at)
        VALUES ('%s', 0, now() - interval '1 minute') ON CONFLICT DO NOTHING
        """
            .formatted(gateway));
    assertThat(GATEWAY.post(EndpointReport.PATH, body).status()).isEqualTo(204);
  }

  private JsonObject seen() throws Exception {
    return OPERATOR.get("/v1/services/" + service + "/endpoints").json();
  }

  private JsonObject health() throws Exception {
    JsonObject health = seen().getJsonObject("health");
    Stream<JsonObject> listed =
        OPERATOR.get("/v1/services?limit=200&health=true").json().getJsonArray("items").stream()
            .map(JsonObject.class::cast)
            .filter(one -> one.getString("name").equals(service));
    assertThat(listed.map(one -> one.getJsonObject("health"))).containsExactly(health);
    return health;
  }

  @Test
  void isUnknownBeforeAGatewayHasTold() throws Exception {
    assertThat(health().getString("state")).isEqualTo("unknown");
    assertThat(seen().getJsonArray("items")).isEmpty();
  }

  @Test
  void isHealthyWhereAllGatewaysFindAllEndpointsSo() throws Exception {
    tell(first, Optional.empty(), fit(1), fit(2));
    tell(second, Optional.empty(), fit(1), fit(2));

    assertThat(health())
        .isEqualTo(
            JsonObject.of(
                "state", "healthy", "summary", "2 of 2 endpoints", "endpoints", 2, "healthy", 2));
  }

  @Test
  void saysWhichEndpointIsNotFitWhereSinceWhenAndWhy() throws Exception {
    tell(first, Optional.empty(), fit(1), fit(2), fit(3), fit(4));
    tell(second, Optional.empty(), fit(1), fit(2), fit(3), ejected(4));

    JsonObject health = health();

    assertThat(health.getString("state")).isEqualTo("degraded");
    assertThat(health.getString("summary"))
        .matches(
            "3 of 4 endpoints; 127\\.0\\.0\\.4:8080 ejected by "
                + second
                + " since \\d\\d:\\d\\d UTC: connection refused");
    JsonObject item = seen().getJsonArray("items").getJsonObject(0);
    assertThat(item.getString("state")).isEqualTo("ejected");
    assertThat(item.getString("gateway")).isEqualTo(second);
    assertThat(item.getString("lastError")).isEqualTo("connection refused");
  }

  @Test
  void isDownWhereAGatewayFindsNoneFitOrItsBreakerIsOpen() throws Exception {
    tell(first, Optional.empty(), ejected(1));
    assertThat(health().getString("state")).isEqualTo("down");

    tell(first, Optional.of(new BreakerHealth("open", since())), fit(1));

    assertThat(health().getString("state")).isEqualTo("down");
    assertThat(health().getString("summary"))
        .contains("the circuit breaker of " + first + " is open since");
  }

  @Test
  void countsAGatewayThatHasNotToldForAWhileForNothing() throws Exception {
    tell(first, Optional.empty(), fit(1));
    tell(second, Optional.empty(), ejected(1));

    RunningControlPlane.sql(
        "UPDATE gateway SET endpoints_at = now() - interval '46 seconds' WHERE name = '%s'"
            .formatted(second));

    assertThat(health().getString("state")).isEqualTo("healthy");
    assertThat(health().getString("summary")).contains(second + " has not told since");
    assertThat(seen().getJsonArray("items").getJsonObject(0).getBoolean("stale")).isTrue();

    RunningControlPlane.sql(
        "UPDATE gateway SET endpoints_at = now() - interval '46 seconds' WHERE name = '%s'"
            .formatted(first));

    assertThat(health().getString("state")).as("not healthy, but not known").isEqualTo("unknown");
  }

  @Test
  void takesNoRoomInTheReportForNoEndpoint() throws Exception {
    tell(first, Optional.empty());

    assertThat(health().getString("state")).isEqualTo("unknown");

    tell(second, Optional.empty(), fit(1));

    assertThat(health().getString("state")).isEqualTo("healthy");
  }

  @Test
  void forgetsWhatTheNextReportDoesNotName() throws Exception {
    tell(first, Optional.empty(), ejected(1));
    EndpointReport empty = new EndpointReport(first, List.of(), 7);

    assertThat(
            GATEWAY
                .post(EndpointReport.PATH, new JsonObject(new String(empty.encode(), UTF_8)))
                .status())
        .isEqualTo(204);

    assertThat(seen().getJsonArray("items")).isEmpty();
  }

  @Test
  void takesNoTimesThatNoClockShowsAndNoTextThatCannotBeKept() throws Exception {
    tell(first, Optional.empty(), ejected(1));
    for (JsonObject wrong :
        List.of(
            JsonObject.of("since", Instant.MAX.toString()),
            JsonObject.of("lastErrorAt", Instant.MIN.toString()),
            JsonObject.of("reason", "a\0b"))) {
      JsonObject endpoint =
          JsonObject.of("host", "127.0.0.1", "port", 1, "state", "ejected")
              .put("since", since().toString())
              .put("reason", "")
              .mergeIn(wrong);
      JsonObject told =
          JsonObject.of("service", service, "endpoints", new JsonArray().add(endpoint));
      JsonObject body =
          JsonObject.of("gateway", first, "omitted", 0, "services", new JsonArray().add(told));
      assertThat(GATEWAY.post(EndpointReport.PATH, body).status()).as(body.encode()).isEqualTo(400);
    }
    assertThat(health().getString("state")).isEqualTo("down");
  }

  @Test
  void isToldByGatewaysAndReadByThoseWhoMay() throws Exception {
    assertThat(OPERATOR.post(EndpointReport.PATH, new JsonObject()).status()).isEqualTo(401);
    assertThat(GATEWAY.get("/v1/services/" + service + "/endpoints").status()).isEqualTo(401);
    assertThat(OPERATOR.get("/v1/services/no-such/endpoints").status()).isEqualTo(404);
    assertThat(GATEWAY.post(EndpointReport.PATH, JsonObject.of("gateway", "a b")).status())
        .isEqualTo(400);
  }
}
