package dev.gatehouse.gateway.route;

import dev.gatehouse.contract.edge.EdgeService;
import java.util.Optional;

/**
 * A version of an API.
 *
 * @param name such as {@code v2}
 * @param service where its requests go; the route's if empty
 * @param prefix what is put before the path; empty for nothing, never ends in a slash
 * @param edits the route's and its own
 */
record Version(String name, Optional<EdgeService> service, String prefix, Edits edits) {}
