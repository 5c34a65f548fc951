package dev.gatehouse.controlplane.service;

import dev.gatehouse.contract.edge.EndpointReport;
import dev.gatehouse.contract.edge.EndpointReport.EndpointHealth;
import dev.gatehouse.contract.edge.EndpointReport.State;
import dev.gatehouse.contract.edge.ReportCodec;
import dev.gatehouse.controlplane.service.EndpointStore.Told;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** How fit the gateways find the endpoints of services. */
public final class EndpointService {
  private static final int MOST_SHOWN = 2000;

  private final EndpointStore store = new EndpointStore();
  private final InstantSource clock;

  public EndpointService(InstantSource clock) {
    this.clock = clock;
  }

  /** Takes what a gateway has told in the place of what it told before. */
  public void record(SqlConnection tx, EndpointReport report) {
    store.put(tx, report);
  }

  /** How fit each of the services is, by name; of those that no gateway knows it is unknown. */
  public Map<String, JsonObject> healthOf(SqlConnection connection, Collection<String> services) {
    Map<String, List<Told>> told =
        store.of(connection, services).stream()
            .collect(Collectors.groupingBy(one -> one.health().service()));
    Map<String, JsonObject> health = new HashMap<>();
    services.forEach(name ->
        health.put(name, HealthSummary.of(told.getOrDefault(name, List.of()), clock.instant())));
    return health;
  }

  /** Everything that is known of the endpoints of a service. */
  public JsonObject endpointsOf(SqlConnection connection, String service) {
    List<Told> told = store.of(connection, List.of(service));
    JsonArray gateways = new JsonArray();
    JsonArray unfit = new JsonArray();
    JsonArray fit = new JsonArray();
    for (Told one : told) {
      gateways.add(gatewayOf(one));
      for (EndpointHealth endpoint : one.health().endpoints()) {
        (endpoint.state() == State.HEALTHY ? fit : unfit).add(itemOf(one, endpoint));
      }
    }
    JsonArray items = new JsonArray();
    unfit.addAll(fit).stream().limit(MOST_SHOWN).forEach(items::add);
    return JsonObject.of(
        "health", HealthSummary.of(told, clock.instant()), "items", items, "gateways", gateways);
  }

  private static JsonObject gatewayOf(Told one) {
    JsonObject gateway =
        JsonObject.of(
            "gateway", one.gateway(),
            "reportedAt", one.reportedAt().toString(),
            "stale", one.stale(),
            "omitted", one.omitted());
    one.health()
        .breaker()
        .ifPresent(breaker ->
            gateway.put(
                "breaker",
                JsonObject.of("state", breaker.state(), "since", breaker.since().toString())));
    return gateway;
  }

  private static JsonObject itemOf(Told one, EndpointHealth endpoint) {
    JsonObject item = JsonObject.of("gateway", one.gateway(), "stale", one.stale());
    new JsonObject(Buffer.buffer(ReportCodec.encode(endpoint)))
        .forEach(member -> {
          if (member.getValue() != null) {
            item.put(member.getKey(), member.getValue());
          }
        });
    return item;
  }
}
