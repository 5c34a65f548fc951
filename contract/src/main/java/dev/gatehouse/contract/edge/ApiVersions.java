package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Versions of an API behind one route. A request has the version that it names in the header, else
 * the one that its tenant is pinned to, else the default.
 *
 * @param header name of the request header in which a client may name a version; where absent,
 *     clients may not
 * @param defaultVersion one of the versions
 * @param versions at least one
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record ApiVersions(
    Optional<String> header, String defaultVersion, List<ApiVersion> versions) {
  /**
   * @throws IllegalArgumentException if the default is none of the versions, or two have one name
   */
  public ApiVersions {
    versions = List.copyOf(versions);
    String wanted = defaultVersion;
    if (versions.stream().noneMatch(version -> version.name().equals(wanted))) {
      throw new IllegalArgumentException(
          "defaultVersion must be one of the versions, found \"" + defaultVersion + "\"");
    }
    Set<String> names = new HashSet<>();
    for (ApiVersion version : versions) {
      if (!names.add(version.name())) {
        throw new IllegalArgumentException(
            "versions must have different names, found \"" + version.name() + "\" twice");
      }
    }
  }

  Stream<String> serviceNames() {
    return versions.stream().flatMap(version -> version.service().stream());
  }

  /**
   * One of them.
   *
   * @param name such as {@code v2}
   * @param service where its requests go, in place of the route's
   * @param prefix put before the path that the upstream sees
   * @param header the request header in which the upstream is told the version's name
   * @param deprecatedAt since or from when it is deprecated (RFC 9745)
   * @param sunsetAt when it ends (RFC 8594)
   * @param link where a reader learns more
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record ApiVersion(
      String name,
      Optional<String> service,
      Optional<String> prefix,
      Optional<String> header,
      Optional<Instant> deprecatedAt,
      Optional<Instant> sunsetAt,
      Optional<String> link) {
    /**
     * @throws IllegalArgumentException if the header is one of the gateway's own
     */
    public ApiVersion {
      header.ifPresent(HeaderChanges::requireChangeable);
    }
  }
}
