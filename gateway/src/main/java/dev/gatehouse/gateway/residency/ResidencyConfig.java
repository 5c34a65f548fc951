package dev.gatehouse.gateway.residency;

import dev.gatehouse.contract.tenant.Region;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * Where this gateway stands, and what becomes of tenants that are bound to another region.
 *
 * @param region where it stands; without it, it serves no tenant that is bound to a region
 * @param elsewhere what becomes of their requests (default {@link Elsewhere#DEFAULT})
 * @param gateways for other regions, the URL of a gateway that stands there (default none)
 */
public record ResidencyConfig(
    Optional<Region> region, Elsewhere elsewhere, Map<String, URI> gateways) {
  /** Nowhere in particular. */
  public static final ResidencyConfig DEFAULT =
      new ResidencyConfig(Optional.empty(), Elsewhere.DEFAULT, Map.of());

  /**
   * @throws IllegalArgumentException if a region has no proper name, or a URL is no gateway's
   */
  public ResidencyConfig {
    gateways = Map.copyOf(gateways);
    gateways.forEach((name, url) -> {
      Region of = Region.of(name);
      if (region.filter(of::equals).isPresent()) {
        throw new IllegalArgumentException(
            "gateways must name other regions than the gateway's own, found \"" + name + "\"");
      }
      requireOrigin(name, url);
    });
  }

  /** The URL of a gateway of another region; empty if none is known. */
  public Optional<URI> gatewayOf(Region other) {
    return Optional.ofNullable(gateways.get(other.value()));
  }

  private static void requireOrigin(String name, URI url) {
    boolean origin =
        url.getHost() != null
            && ("https".equals(url.getScheme()) || "http".equals(url.getScheme()))
            && url.getRawUserInfo() == null
            && (url.getRawPath().isEmpty() || url.getRawPath().equals("/"))
            && url.getRawQuery() == null
            && url.getRawFragment() == null;
    if (!origin) {
      throw new IllegalArgumentException(
          "gateways."
              + name
              + " must be an http or https URL without a path, such as"
              + " https://eu.gateways.example.com, found \""
              + url
              + "\"");
    }
  }
}
