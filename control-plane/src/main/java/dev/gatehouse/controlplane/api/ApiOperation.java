package dev.gatehouse.controlplane.api;

import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An operation of the OpenAPI document.
 *
 * @param id its {@code operationId}
 * @param path as a route of Vert.x: {@code /v1/tenants/:tenant}
 * @param secured whether a token is needed
 * @param permission what the caller must be allowed to do; empty if every caller with a token may
 * @param parameters what may stand in path and query
 * @param bodies the media types that it takes, each with its schema; empty if it takes no body
 * @param streamed the media types of a body that is read as it comes
 * @param bodyRequired whether a request without a body is refused
 * @param merged for a merge patch, what the result must look like
 */
record ApiOperation(
    String id,
    HttpMethod method,
    String path,
    boolean secured,
    Optional<Permission> permission,
    List<Parameter> parameters,
    Map<String, SchemaCheck> bodies,
    Set<String> streamed,
    boolean bodyRequired,
    Optional<SchemaCheck> merged) {

  /** Whether it belongs to the tenant that its path names. */
  boolean isOfTenant() {
    return path.startsWith("/v1/tenants/:tenant");
  }

  /** Whether the parameter stands in the query and the operation knows it. */
  boolean knowsQuery(String name) {
    return parameters.stream().anyMatch(p -> p.in().equals("query") && p.name().equals(name));
  }

  /**
   * A parameter in path or query.
   *
   * @param required whether a request without it is refused
   * @param integer whether its text is read as a whole number before it is checked
   */
  record Parameter(String name, String in, boolean required, boolean integer, SchemaCheck check) {}
}
