package dev.gatehouse.deploy.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.contract.BuildVersion;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A running gateway, by its admin port. */
final class GatewayChecks implements AutoCloseable {
  private static final Duration SOON = Duration.ofDays(14);

  /** Of one kind, so that what is wrong everywhere does not hide the rest. */
  private static final int MOST_SHOWN = 5;

  private final Probe admin;
  private final InstantSource clock;

  // Written by the first check, which the others wait for.
  private volatile Metrics metrics = new Metrics("");

  GatewayChecks(URI admin, InstantSource clock) {
    this.admin = new Probe(admin, "", Optional.empty());
    this.clock = clock;
  }

  Group group() {
    return Group.behind(
        "Gateway at " + admin.base(),
        Check.of("ready", this::ready),
        List.of(
            Check.of("feed", this::feed),
            Check.of("feed's lines", this::lines),
            Check.of("limits", this::limits),
            Check.of("snapshot", this::snapshot),
            new Check("usage", this::usage),
            new Check("certificates", this::certificates),
            new Check("upstreams", this::upstreams),
            new Check("breakers", this::breakers),
            Check.of(
                "version",
                () -> Release.compared(BuildVersion.of(GatewayChecks.class), metrics.version()))));
  }

  private Finding ready() throws IOException, InterruptedException {
    Probe.Answer answer;
    try {
      answer = admin.get("/readyz");
    } catch (IOException e) {
      return Finding.failed(
          "It does not answer: " + Reasons.of(e) + ".",
          "If it should run there: start it (gatehouse gateway --config FILE) and look into its"
              + " log. Else name its admin port by --admin.");
    }
    JsonNode body = answer.json();
    if (!body.has("revision")) {
      return Finding.failed(
          "What answers there, with " + answer.status() + ", is no gateway's admin port.",
          "Name the gateway's admin port by --admin, as its configuration has it.");
    }
    metrics = new Metrics(admin.get("/metrics").text());
    String tenants = body.path("tenants").asText() + " tenants, revision " + body.path("revision");
    if (answer.status() == 200) {
      return Finding.ok("It serves " + tenants + ".");
    } else if (body.path("status").asText().equals("draining")) {
      return Finding.warning(
          "It drains: it is about to stop.", "Nothing, if that is meant; it ends by itself.");
    }
    return Finding.warning(
        "It serves nobody yet: " + body.path("status").asText() + ".",
        "It needs the control plane once: look at feed, below.");
  }

  private Finding feed() {
    if (metrics.value("gatehouse_feed_connected").isEmpty()) {
      return Finding.skipped("Its metrics do not say it.");
    } else if (metrics.isPositive("gatehouse_feed_connected")) {
      return Finding.ok("It follows the control plane.");
    }
    return Finding.failed(
        "It has lost the control plane, and serves what it knows; changes do not reach it.",
        "Look whether the control plane runs, at feed.url and feed.token in the gateway's"
            + " configuration, and at the network between.");
  }

  private Finding lines() {
    String name = "gatehouse_feed_lines_refused_total";
    return metrics.isPositive(name)
        ? Finding.warning(
            metrics.shown(name) + " lines of the feed could not be applied since its start.",
            "Its log says which, and why. Usually the control plane is of a newer release: upgrade"
                + " this gateway.")
        : Finding.ok("All could be applied.");
  }

  private Finding limits() {
    if (metrics.isPositive("gatehouse_limit_shared")) {
      return Finding.ok("They are shared with the other gateways.");
    } else if (metrics.isPositive("gatehouse_limit_sync_failures_total")) {
      return Finding.warning(
          "It limits alone, since it does not reach Redis: tenants get more than they should.",
          "Look whether Redis runs, and at redis.url in the gateway's configuration.");
    }
    return Finding.ok("It limits alone: no Redis is configured.");
  }

  private Finding snapshot() {
    String name = "gatehouse_snapshot_revision";
    if (metrics.value(name).isEmpty()) {
      return Finding.warning(
          "It keeps none: it cannot start while the control plane is away.",
          "Set snapshot.file in the gateway's configuration.");
    } else if (metrics.value(name).orElse(0) < 0) {
      return Finding.warning(
          "It has not written one yet, or it could not.",
          "Its log says why; look at the folder of snapshot.file, and the space there.");
    }
    return Finding.ok("It is on disk, of revision " + metrics.shown(name) + ".");
  }

  private List<Finding> usage() {
    List<Finding> found = new ArrayList<>();
    String pending = "gatehouse_usage_reports_pending";
    String lost = "gatehouse_usage_lost_total";
    String refused = "gatehouse_usage_reports_total{outcome=\"refused\"}";
    if (metrics.value(pending).orElse(0) > 3) {
      found.add(
          Finding.warning(
              metrics.shown(pending) + " reports wait for the control plane to take them.",
              "They are sent as soon as it takes them. Look at feed; a control plane of an older"
                  + " release takes none: upgrade it. After usage.maxAge they are given up."));
    }
    if (metrics.isPositive(refused)) {
      found.add(
          Finding.warning(
              "The control plane has refused to take reports ("
                  + metrics.shown(refused)
                  + " since the start): their counts are lost.",
              "The gateway's log says why. Usually both are of different releases: upgrade the"
                  + " control plane first."));
    } else if (metrics.isPositive(lost)) {
      found.add(
          Finding.warning(
              "Counts are lost (of " + metrics.shown(lost) + " spans of time since the start).",
              "Set usage.directory; where it is set, raise usage.maxBytes and usage.maxAge, so that"
                  + " it does not happen again (docs/usage.md)."));
    }
    return found.isEmpty()
        ? List.of(Finding.ok("The control plane takes what is counted."))
        : found;
  }

  private List<Finding> certificates() throws IOException, InterruptedException {
    JsonNode answer = admin.get("/certificates").json();
    Instant now = clock.instant();
    List<Finding> found = new ArrayList<>();
    for (JsonNode one : answer.path("certificates")) {
      Instant end = Instant.parse(one.path("notAfter").asText());
      if (end.isBefore(now.plus(SOON))) {
        found.add(Certificates.ending(described(one), end, now, source(one)));
      }
    }
    return found.isEmpty()
        ? List.of(
            Finding.ok(
                answer.path("count").asInt() == 0
                    ? "None is shown to anybody."
                    : answer.path("count").asInt() + " are shown, all valid for 14 days or more."))
        : shortened(found);
  }

  private static String described(JsonNode one) {
    String names =
        String.join(", ", one.path("names").valueStream().limit(3).map(JsonNode::asText).toList());
    return names.isEmpty() ? one.path("subject").asText() : names;
  }

  private static String source(JsonNode one) {
    String owner = one.path("owner").asText();
    return switch (one.path("use").asText()) {
      case "configuration" ->
          "Put a new one where https.certificate and https.key of this gateway say.";
      case "platform" -> "Upload a new one: gatehouse platform-certificate create.";
      case "tenant" ->
          "gatehouse domain list "
              + owner
              + " says what became of its order, or upload a new one:"
              + " gatehouse certificate create "
              + owner
              + ".";
      default -> "Give the service " + owner + " a new client certificate.";
    };
  }

  private List<Finding> upstreams() throws IOException, InterruptedException {
    List<Finding> found = new ArrayList<>();
    int all = 0;
    for (JsonNode service : admin.get("/upstreams").json().path("services")) {
      all++;
      endpoints(service, "service " + service.path("service").asText(), found);
      for (JsonNode tenant : service.path("tenants")) {
        String whose = " of the tenant " + tenant.path("tenant").asText();
        endpoints(tenant, "service " + service.path("service").asText() + whose, found);
      }
    }
    return found.isEmpty()
        ? List.of(
            all == 0
                ? Finding.ok("There is no service yet.")
                : Finding.ok(
                    "No endpoint is known to be unfit, of "
                        + all
                        + (all == 1 ? " service." : " services.")))
        : shortened(found);
  }

  private static void endpoints(JsonNode pool, String of, List<Finding> found) {
    for (JsonNode endpoint : pool.path("endpoints")) {
      String port = ":" + endpoint.path("port").asInt();
      if (endpoint.has("dnsFailure")) {
        found.add(
            Finding.failed(
                endpoint.path("host").asText()
                    + port
                    + ", "
                    + of
                    + ": its name is not found: "
                    + endpoint.path("dnsFailure").asText(),
                "Look at DNS (upstream.dns.server), or correct the endpoint: gatehouse service"
                    + " update."));
      }
      for (JsonNode address : endpoint.path("addresses")) {
        String state = address.path("state").asText();
        if (!state.equals("healthy")) {
          found.add(
              Finding.failed(
                  address.path("address").asText()
                      + port
                      + ", "
                      + of
                      + ", is "
                      + state
                      + ": "
                      + address.path("reason").asText(),
                  "Look at the application there; it is tried again by itself."));
        }
      }
    }
  }

  private List<Finding> breakers() throws IOException, InterruptedException {
    List<Finding> found = new ArrayList<>();
    for (JsonNode breaker : admin.get("/breakers").json()) {
      String state = breaker.path("state").asText();
      if (state.equals("open") || state.equals("forced_open")) {
        String whose = breaker.has("tenant") ? " for " + breaker.path("tenant").asText() : "";
        found.add(
            Finding.failed(
                "Requests to the service "
                    + breaker.path("service").asText()
                    + whose
                    + " are refused: too many of them failed.",
                "Look at the application; a few requests try it again by themselves."));
      }
    }
    return found.isEmpty() ? List.of(Finding.ok("None is open.")) : shortened(found);
  }

  private static List<Finding> shortened(List<Finding> found) {
    if (found.size() <= MOST_SHOWN) {
      return found;
    }
    List<Finding> shown = new ArrayList<>(found.subList(0, MOST_SHOWN));
    shown.add(Finding.skipped("And " + (found.size() - MOST_SHOWN) + " more like these."));
    return shown;
  }

  @Override
  public void close() {
    admin.close();
  }
}
