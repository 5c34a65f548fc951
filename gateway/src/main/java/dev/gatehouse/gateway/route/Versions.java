package dev.gatehouse.gateway.route;

import dev.gatehouse.contract.edge.ApiVersions;
import dev.gatehouse.contract.edge.ApiVersions.ApiVersion;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.gateway.RequestHead;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.rejection.Rejection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The versions of an API: the client's choice where it may choose, else the tenant's pin, else the
 * default. A pin that this API does not know counts for nothing: a tenant has one pin for all APIs.
 * A version whose sunset has passed is served until it is taken out.
 */
final class Versions {
  private final Optional<String> header;
  private final Map<String, Version> byName;
  private final Version byDefault;

  private Versions(Optional<String> header, Map<String, Version> byName, Version byDefault) {
    this.header = header;
    this.byName = byName;
    this.byDefault = byDefault;
  }

  static Versions of(ApiVersions versions, Edits ofRoute, Map<String, EdgeService> servicesByName) {
    Map<String, Version> byName = new LinkedHashMap<>();
    for (ApiVersion version : versions.versions()) {
      byName.put(
          version.name(),
          new Version(
              version.name(),
              version.service().map(name -> ServiceChoice.known(name, servicesByName)),
              version.prefix().map(PathRewrite::withoutTrailingSlash).orElse(""),
              ofRoute.with(version)));
    }
    Version byDefault = Optional.ofNullable(byName.get(versions.defaultVersion())).orElseThrow();
    return new Versions(versions.header(), byName, byDefault);
  }

  /**
   * Chooses.
   *
   * @throws Rejection.UnknownApiVersion if the client names none of them, or more than one
   */
  Version choose(RequestHead head, Tenant tenant) {
    if (header.isPresent()) {
      List<String> named = head.allHeaders().getAll(header.get());
      if (!named.isEmpty()) {
        return namedByClient(header.get(), named);
      }
    }
    Optional<String> pinned = tenant.edge().apiVersion();
    return pinned.isPresent() ? byName.getOrDefault(pinned.get(), byDefault) : byDefault;
  }

  private Version namedByClient(String name, List<String> values) {
    Version version = values.size() == 1 ? byName.get(values.getFirst()) : null;
    if (version == null) {
      throw new Rejection.UnknownApiVersion(name, String.join(", ", byName.keySet()));
    }
    return version;
  }
}
