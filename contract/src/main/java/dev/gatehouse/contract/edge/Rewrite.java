package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

/**
 * How a path changes on its way to the upstream. The query stays.
 *
 * @param prefix in place of the part that the route's prefix matched; {@code /} strips it
 * @param path in place of the whole path; variables of the route's template may stand in it, as
 *     {@code {id}}
 * @param host in place of the Host; the client's where absent
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Rewrite(Optional<String> prefix, Optional<String> path, Optional<String> host) {
  /**
   * @throws IllegalArgumentException if both prefix and path are given, or one of the three cannot
   *     stand where it is to stand
   */
  public Rewrite {
    if (path.isPresent() && prefix.isPresent()) {
      throw new IllegalArgumentException("a rewrite has either a path or a prefix");
    }
    prefix.ifPresent(value -> HttpText.checkPath("rewrite prefix", value));
    path.ifPresent(value -> HttpText.checkPath("rewrite path", value));
    host.ifPresent(value -> HttpText.checkAuthority("rewrite host", value));
  }
}
