package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.contract.tenant.Slug;
import dev.gatehouse.contract.tenant.TenantStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;

/**
 * What the edge knows of a tenant.
 *
 * @param id never changes
 * @param slug its subdomain under the base domain
 * @param status only an {@link TenantStatus#ACTIVE} tenant is served
 * @param hosts its custom domains, without the subdomain
 * @param authentication the ways in which a caller may prove who it is; empty means that nobody
 *     gets in
 * @param limits its share, as far as it differs from its plan's
 * @param weight its turns beside other tenants' where a service is saturated, 1 to 100; 1 if absent
 * @param apiVersion the version of APIs that it is pinned to
 * @param services by name, those that are different for it
 * @param plan the name of its {@link EdgePlan}
 * @param domains what there is besides {@code hosts}
 * @param name what users who log in are told that it is called; absent where nobody does
 * @param bounds from where it may be reached, and where its requests may go; no bounds if absent
 * @param exfiltration how much may leave in its responses; as the operator says if absent
 * @param placement where its data are; absent where nobody has placed them
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record EdgeTenant(
    UUID id,
    Slug slug,
    TenantStatus status,
    List<Hostname> hosts,
    Set<AuthenticationMethod> authentication,
    EdgeLimits limits,
    OptionalInt weight,
    Optional<String> apiVersion,
    Optional<Map<String, ServiceOverride>> services,
    Optional<String> plan,
    Optional<EdgeDomains> domains,
    Optional<String> name,
    Optional<EdgeBounds> bounds,
    Optional<EgressBudget> exfiltration,
    Optional<EdgePlacement> placement)
    implements EdgeObject {

  /**
   * @throws IllegalArgumentException if the weight is out of its range, or a service's requests are
   *     sent to itself
   */
  public EdgeTenant {
    hosts = List.copyOf(hosts);
    authentication = Set.copyOf(authentication);
    weight.ifPresent(value -> Range.check("weight", value, 1, 100));
    services = services.map(Map::copyOf);
    services.ifPresent(overrides ->
        overrides.forEach((service, override) -> {
          if (override.sendTo().filter(service::equals).isPresent()) {
            throw new IllegalArgumentException(
                "sendTo must name another service, found \"" + service + "\"");
          }
        }));
  }

  /** A tenant without bounds. */
  public EdgeTenant(
      UUID id,
      Slug slug,
      TenantStatus status,
      List<Hostname> hosts,
      Set<AuthenticationMethod> authentication,
      EdgeLimits limits,
      OptionalInt weight,
      Optional<String> apiVersion,
      Optional<Map<String, ServiceOverride>> services,
      Optional<String> plan,
      Optional<EdgeDomains> domains,
      Optional<String> name) {
    this(
        id,
        slug,
        status,
        hosts,
        authentication,
        limits,
        weight,
        apiVersion,
        services,
        plan,
        domains,
        name,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** A tenant that is like the others. */
  public EdgeTenant(
      UUID id,
      Slug slug,
      TenantStatus status,
      List<Hostname> hosts,
      Set<AuthenticationMethod> authentication,
      EdgeLimits limits) {
    this(
        id,
        slug,
        status,
        hosts,
        authentication,
        limits,
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** The same with these bounds. */
  public EdgeTenant with(EdgeBounds changed) {
    return new EdgeTenant(
        id,
        slug,
        status,
        hosts,
        authentication,
        limits,
        weight,
        apiVersion,
        services,
        plan,
        domains,
        name,
        Optional.of(changed),
        exfiltration,
        placement);
  }

  /** The same with this budget. */
  public EdgeTenant with(EgressBudget changed) {
    return new EdgeTenant(
        id,
        slug,
        status,
        hosts,
        authentication,
        limits,
        weight,
        apiVersion,
        services,
        plan,
        domains,
        name,
        bounds,
        Optional.of(changed),
        placement);
  }

  /** The same with its data placed there. */
  public EdgeTenant with(EdgePlacement place) {
    return new EdgeTenant(
        id,
        slug,
        status,
        hosts,
        authentication,
        limits,
        weight,
        apiVersion,
        services,
        plan,
        domains,
        name,
        bounds,
        exfiltration,
        Optional.of(place));
  }

  @Override
  public Kind kind() {
    return Kind.TENANT;
  }

  @Override
  public String key() {
    return id.toString();
  }
}
