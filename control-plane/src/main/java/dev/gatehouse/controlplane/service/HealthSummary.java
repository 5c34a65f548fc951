package dev.gatehouse.controlplane.service;

import dev.gatehouse.contract.edge.EndpointReport.BreakerHealth;
import dev.gatehouse.contract.edge.EndpointReport.EndpointHealth;
import dev.gatehouse.contract.edge.EndpointReport.State;
import dev.gatehouse.controlplane.service.EndpointStore.Told;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** How fit a service is, from what its gateways have told, in a word and in a sentence. */
final class HealthSummary {
  private static final int MOST_NAMED = 2;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm", Locale.ENGLISH).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter DAY_AND_TIME =
      DateTimeFormatter.ofPattern("d MMM HH:mm", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  private final List<Told> told;
  private final List<Told> lately;
  private final Instant now;

  private HealthSummary(List<Told> told, Instant now) {
    this.told = told;
    // One whose report had no room for the service says nothing of it.
    this.lately =
        told.stream().filter(one -> !one.stale() && !one.health().endpoints().isEmpty()).toList();
    this.now = now;
  }

  /** Of what all gateways have told of one service. */
  static JsonObject of(List<Told> told, Instant now) {
    return new HealthSummary(told, now).toJson();
  }

  private JsonObject toJson() {
    Set<String> all = new HashSet<>();
    Set<String> unfit = new HashSet<>();
    lately.forEach(one ->
        one.health()
            .endpoints()
            .forEach(endpoint -> {
              all.add(keyOf(endpoint));
              if (endpoint.state() != State.HEALTHY) {
                unfit.add(keyOf(endpoint));
              }
            }));
    int healthy = all.size() - unfit.size();
    List<String> words = new ArrayList<>();
    if (lately.isEmpty()) {
      words.add("no gateway has told of it lately");
    } else {
      words.add(healthy + " of " + all.size() + (all.size() == 1 ? " endpoint" : " endpoints"));
    }
    words.addAll(troubles());
    words.addAll(silences());
    return JsonObject.of(
        "state", state(healthy, all.size()),
        "summary", String.join("; ", words),
        "endpoints", all.size(),
        "healthy", healthy);
  }

  private String state(int healthy, int all) {
    if (lately.isEmpty()) {
      return "unknown";
    }
    boolean none =
        lately.stream()
            .anyMatch(one ->
                open(one)
                    || one.health().endpoints().stream()
                        .noneMatch(endpoint -> endpoint.state() == State.HEALTHY));
    return none ? "down" : healthy < all || halfOpen() ? "degraded" : "healthy";
  }

  private boolean halfOpen() {
    return lately.stream()
        .anyMatch(one ->
            one.health()
                .breaker()
                .filter(breaker -> !breaker.state().equals("closed"))
                .isPresent());
  }

  private static boolean open(Told one) {
    return one.health().breaker().filter(breaker -> breaker.state().equals("open")).isPresent();
  }

  private List<String> troubles() {
    List<String> words = new ArrayList<>();
    int more = 0;
    for (Told one : lately) {
      for (EndpointHealth endpoint : one.health().endpoints()) {
        if (endpoint.state() == State.HEALTHY) {
          continue;
        }
        if (words.size() < MOST_NAMED) {
          words.add(inWords(one.gateway(), endpoint));
        } else {
          more++;
        }
      }
      one.health()
          .breaker()
          .filter(breaker -> !breaker.state().equals("closed"))
          .ifPresent(breaker -> words.add(inWords(one.gateway(), breaker)));
    }
    if (more > 0) {
      words.add("and " + more + " more");
    }
    return words;
  }

  private String inWords(String gateway, EndpointHealth endpoint) {
    String who =
        switch (endpoint.state()) {
          case EJECTED -> "ejected by " + gateway;
          case UNHEALTHY -> "fails the checks of " + gateway;
          case UNRESOLVED -> "has no address at " + gateway;
          case HEALTHY -> "healthy at " + gateway;
        };
    return keyOf(endpoint)
        + " "
        + who
        + " since "
        + at(endpoint.since())
        + ": "
        + endpoint.lastError().orElse(endpoint.reason());
  }

  private String inWords(String gateway, BreakerHealth breaker) {
    return "the circuit breaker of "
        + gateway
        + " is "
        + breaker.state().replace('_', ' ')
        + " since "
        + at(breaker.since());
  }

  private List<String> silences() {
    return told.stream()
        .filter(Told::stale)
        .limit(MOST_NAMED)
        .map(one -> one.gateway() + " has not told since " + at(one.reportedAt()))
        .toList();
  }

  /** Of a name, each address for itself. */
  private static String keyOf(EndpointHealth endpoint) {
    String host = endpoint.host() + ":" + endpoint.port();
    return endpoint
        .address()
        .filter(address -> !address.equals(endpoint.host()))
        .map(address -> host + " (" + address + ")")
        .orElse(host);
  }

  private String at(Instant time) {
    boolean longAgo = Duration.between(time, now).compareTo(Duration.ofHours(12)) > 0;
    return (longAgo ? DAY_AND_TIME : TIME).format(time) + " UTC";
  }
}
