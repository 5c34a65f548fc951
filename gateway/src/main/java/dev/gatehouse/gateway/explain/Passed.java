package dev.gatehouse.gateway.explain;

import dev.gatehouse.contract.context.TenantContext;
import dev.gatehouse.contract.edge.Destinations;
import dev.gatehouse.contract.edge.Destinations.Destination;
import dev.gatehouse.contract.edge.Destinations.SplitBy;
import dev.gatehouse.contract.tenant.Region;
import dev.gatehouse.gateway.admit.Sanitized;
import dev.gatehouse.gateway.authenticate.Authenticated;
import dev.gatehouse.gateway.client.ClientAddress;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.limit.Admitted;
import dev.gatehouse.gateway.limit.MonthlyQuota;
import dev.gatehouse.gateway.limit.RateLimitState;
import dev.gatehouse.gateway.limit.Slots;
import dev.gatehouse.gateway.limit.TenantLimiter;
import dev.gatehouse.gateway.resolve.Resolved;
import dev.gatehouse.gateway.route.Edits;
import dev.gatehouse.gateway.route.HeaderEdits;
import dev.gatehouse.gateway.route.MirrorTo;
import dev.gatehouse.gateway.route.Routed;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The stages that let a request pass, in words. */
final class Passed {
  /** What the forwarder adds to every request. */
  private static final List<String> GATEWAYS_OWN =
      List.of(
          TenantContext.ID_HEADER,
          TenantContext.SLUG_HEADER,
          TenantContext.HEADER,
          "traceparent",
          "Forwarded",
          "X-Forwarded-For",
          "X-Forwarded-Host",
          "X-Forwarded-Proto");

  private Passed() {}

  static Step admit(Sanitized request) {
    return Step.passed(
        "admit",
        "it can be read in one way only: host " + request.host() + ", path " + request.path(),
        JsonObject.of("host", request.host(), "path", request.path()));
  }

  static Step resolve(Resolved request) {
    Tenant tenant = request.tenant();
    JsonObject facts =
        JsonObject.of(
            "tenant",
            JsonObject.of(
                "id", tenant.id(),
                "slug", tenant.slug(),
                "status", tenant.edge().status().wireName(),
                "revision", tenant.revision()),
            "source",
            request.source().toString());
    String because =
        "the " + request.source() + " names the tenant " + tenant.slug() + ", which is served";
    Region region = tenant.region();
    if (region != null) {
      facts.put("region", region.value());
      because += " here, in the region " + region;
    }
    ClientAddress client = request.request().head().client();
    if (client != null) {
      facts.put("client", client.address());
      because += "; requests from " + client.address() + " are taken";
    } else if (!tenant.addresses().isEmpty()) {
      facts.putNull("client");
      because += "; it takes requests from some addresses alone, and none was given to go by";
    }
    return Step.passed("resolve", because, facts);
  }

  static Step authenticate(Authenticated request) {
    String subject = request.principal().subject();
    String method = request.principal().method().wireName();
    return Step.passed(
        "authenticate",
        "the caller is " + subject + " (" + method + ")",
        JsonObject.of(
            "subject", subject,
            "method", method,
            "roles", new JsonArray(request.principal().roles().stream().sorted().toList())));
  }

  static Step login(Sanitized request) {
    return Step.passed(
        "authenticate",
        "the gateway itself answers at " + request.path() + ", where users log in and out",
        JsonObject.of("answeredBy", "gateway"));
  }

  static Step limit(Admitted request) {
    JsonObject facts = JsonObject.of("maxBodyBytes", request.maxBodyBytes());
    TenantLimiter limiter = request.request().request().tenant().limiter();
    String inFlight = "";
    if (limiter.requests() != Slots.UNLIMITED) {
      int taken = limiter.requests().taken();
      int most = limiter.requests().most();
      facts.put("inFlight", taken).put("concurrentRequests", most);
      inFlight = "; " + taken + " of " + most + " are under way";
    }
    MonthlyQuota quota = limiter.quota();
    quota
        .mostRequests()
        .ifPresent(
            most -> facts.put("usedThisMonth", quota.usedRequests()).put("requestsPerMonth", most));
    quota
        .mostBytes()
        .ifPresent(
            most -> facts.put("bytesThisMonth", quota.usedBytes()).put("bytesPerMonth", most));
    Optional<RateLimitState> state = limiter.state();
    if (state.isEmpty()) {
      return Step.passed("limit", "the tenant has no rate limit" + inFlight, facts);
    }
    long remaining = state.get().remaining();
    long burst = state.get().limit();
    return Step.passed(
        "limit",
        "the tenant has " + remaining + " of " + burst + " requests left at this moment" + inFlight,
        facts.put("remaining", remaining).put("limit", burst));
  }

  static Step route(Routed request) {
    JsonObject facts =
        JsonObject.of(
            "route", request.route().edge().id().toString(),
            "path", request.route().path(),
            "service", request.service().name(),
            "target", request.target());
    if (!request.version().isEmpty()) {
      facts.put("version", request.version());
    }
    Edits edits = request.edits();
    edits.host().ifPresent(host -> facts.put("host", host));
    edits
        .mirror()
        .ifPresent(mirror ->
            facts.put(
                "mirror",
                JsonObject.of("service", mirror.service().name(), "percent", mirror.percent())));
    Optional<Destinations> split = request.route().edge().destinations();
    split.ifPresent(destinations -> facts.put("destinations", shares(destinations)));
    facts.put("responseHeaders", changed(edits.clientHeaders()));
    return Step.passed(
        "route",
        "the route "
            + request.route().path()
            + " leads to the service "
            + request.service().name()
            + (request.version().isEmpty() ? "" : ", version " + request.version())
            + ", which is asked for "
            + request.target()
            + split.map(Passed::splitInWords).orElse("")
            + edits.mirror().map(Passed::mirrorInWords).orElse(""),
        facts);
  }

  private static JsonObject shares(Destinations destinations) {
    JsonArray services = new JsonArray();
    for (Destination one : destinations.services()) {
      JsonObject share = JsonObject.of("service", one.service(), "weight", one.weight());
      one.tenants()
          .ifPresent(ids ->
              share.put("tenants", new JsonArray(ids.stream().map(UUID::toString).toList())));
      one.blueprint()
          .ifPresent(range -> {
            JsonObject versions = JsonObject.of("name", range.name());
            range.from().ifPresent(from -> versions.put("from", from));
            range.below().ifPresent(below -> versions.put("below", below));
            share.put("blueprint", versions);
          });
      services.add(share);
    }
    return JsonObject.of("splitBy", splitBy(destinations), "services", services);
  }

  private static String splitBy(Destinations destinations) {
    return destinations.splitBy().orElse(SplitBy.TENANT).wireName();
  }

  private static String splitInWords(Destinations destinations) {
    return destinations.services().stream()
        .map(one -> one.service() + " " + one.weight())
        .collect(Collectors.joining(", ", "; split by " + splitBy(destinations) + " among ", ""));
  }

  private static String mirrorInWords(MirrorTo mirror) {
    return "; " + mirror.percent() + " % are copied to " + mirror.service().name();
  }

  static Step sign(Routed request) {
    JsonArray headers = changed(request.edits().upstreamHeaders());
    GATEWAYS_OWN.forEach(headers::add);
    return Step.passed(
        "sign",
        "the context would be signed for the audience " + request.service().name(),
        JsonObject.of("audience", request.service().name(), "requestHeaders", headers));
  }

  /** Names alone: a value may be a secret. */
  private static JsonArray changed(HeaderEdits edits) {
    return new JsonArray(
        Stream.of(
                edits.remove().stream().map(name -> "-" + name),
                edits.set().stream().map(field -> field.name().toString()),
                edits.add().stream().map(field -> "+" + field.name()))
            .flatMap(names -> names)
            .collect(Collectors.toList()));
  }
}
