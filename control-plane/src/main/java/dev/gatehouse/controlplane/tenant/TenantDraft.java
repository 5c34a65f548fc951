package dev.gatehouse.controlplane.tenant;

import dev.gatehouse.contract.net.AddressRange;
import dev.gatehouse.contract.tenant.Slug;
import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.service.ServiceReference;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a caller wants a tenant to be; follows the rules that a schema cannot say.
 *
 * @param document all but slug and name
 */
record TenantDraft(Slug slug, String name, JsonObject document) {
  /** Names under the base domain that are, or may become, the platform's own. */
  private static final Set<String> RESERVED =
      Set.of(
          "admin",
          "api",
          "app",
          "assets",
          "auth",
          "autoconfig",
          "autodiscover",
          "billing",
          "blog",
          "cdn",
          "console",
          "dashboard",
          "docs",
          "edge",
          "ftp",
          "gatehouse",
          "gateway",
          "help",
          "imap",
          "imports",
          "internal",
          "localhost",
          "login",
          "mail",
          "metrics",
          "mta-sts",
          "ns1",
          "ns2",
          "oauth",
          "pop",
          "postmaster",
          "public",
          "root",
          "security",
          "smtp",
          "sso",
          "static",
          "status",
          "support",
          "system",
          "webmail",
          "wpad",
          "www");

  private static final List<String> IP_RANGES = List.of("allowedIpRanges", "deniedIpRanges");

  private static final List<String> LEFT_OUT_BESIDE_SEND_TO =
      List.of("endpoints", "circuitBreaker");

  /**
   * @param body valid by the API's document
   * @throws ProblemException {@code SLUG_RESERVED}, or {@code INVALID_BODY} where settings
   *     contradict each other
   */
  static TenantDraft of(JsonObject body) {
    JsonObject document = body.copy();
    document.remove("status");
    Slug slug = new Slug((String) document.remove("slug"));
    String name = (String) document.remove("name");
    if (RESERVED.contains(slug.value()) || slug.value().startsWith("xn--")) {
      throw new ProblemException(
          Problem.SLUG_RESERVED,
          List.of(Fault.at("/slug", "is reserved, found \"" + slug + "\": choose another")));
    }
    normalizeIpRanges(document);
    TenantDraft draft = new TenantDraft(slug, name, document);
    draft.refuseSettingsOfServicesThatAreLeft();
    return draft;
  }

  /** Two ways to write one range are one range. */
  private static void normalizeIpRanges(JsonObject document) {
    JsonObject security =
        document
            .getJsonObject("config", new JsonObject())
            .getJsonObject("security", new JsonObject());
    for (String list : IP_RANGES) {
      if (security.containsKey(list)) {
        Set<String> ranges = new LinkedHashSet<>();
        for (Object range : security.getJsonArray(list)) {
          ranges.add(AddressRange.parse((String) range).toString());
        }
        security.put(list, new JsonArray(new ArrayList<>(ranges)));
      }
    }
  }

  /** The plan that it names. */
  Optional<String> plan() {
    return Optional.ofNullable(part("billing").getString("plan"));
  }

  /** What it says of its limits itself. */
  JsonObject limits() {
    return part("limits");
  }

  private JsonObject part(String name) {
    return document.getJsonObject(name, new JsonObject());
  }

  /** What is said of its database. */
  JsonObject database() {
    return part("config").getJsonObject("database", new JsonObject());
  }

  /** The services that are different for the tenant, and those that take their places. */
  List<ServiceReference> serviceReferences() {
    JsonObject overrides = overrides();
    List<ServiceReference> references = new ArrayList<>();
    for (String name : overrides.fieldNames()) {
      String pointer = "/config/services/" + name;
      references.add(new ServiceReference(pointer, name));
      String sendTo = overrides.getJsonObject(name).getString("sendTo");
      if (sendTo != null) {
        references.add(new ServiceReference(pointer + "/sendTo", sendTo));
      }
    }
    return references;
  }

  private JsonObject overrides() {
    return part("config").getJsonObject("services", new JsonObject());
  }

  /** They would be of no effect: the tenant's requests go to the other service. */
  private void refuseSettingsOfServicesThatAreLeft() {
    JsonObject overrides = overrides();
    List<Fault> faults = new ArrayList<>();
    for (String name : overrides.fieldNames()) {
      JsonObject override = overrides.getJsonObject(name);
      if (override.containsKey("sendTo")) {
        LEFT_OUT_BESIDE_SEND_TO.stream()
            .filter(override::containsKey)
            .map(setting ->
                Fault.at(
                    "/config/services/" + name + "/" + setting,
                    "has no effect beside sendTo: leave one of them out"))
            .forEach(faults::add);
      }
    }
    if (!faults.isEmpty()) {
      throw new ProblemException(Problem.INVALID_BODY, faults);
    }
  }
}
