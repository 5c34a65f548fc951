package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where a client is sent. What is absent stays as it was asked for.
 *
 * @param status 301, 302, 303, 307 or 308; 308 if absent
 * @param scheme {@code http} or {@code https}
 * @param host with a port, where it has one
 * @param path in place of the whole path
 * @param prefix in place of the part of the path that the route matched
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Redirect(
    OptionalInt status,
    Optional<String> scheme,
    Optional<String> host,
    Optional<String> path,
    Optional<String> prefix) {
  /**
   * @throws IllegalArgumentException if the status is no redirect, the scheme is not one of HTTP,
   *     both path and prefix are given, or nothing is, which would send the client in a circle
   */
  public Redirect {
    status.ifPresent(value -> {
      if (value < 301 || value > 308 || value == 304 || value == 305 || value == 306) {
        throw new IllegalArgumentException(
            "redirect status must be 301, 302, 303, 307 or 308, found " + value);
      }
    });
    if (path.isPresent() && prefix.isPresent()) {
      throw new IllegalArgumentException("a redirect has either a path or a prefix");
    }
    if (scheme.isEmpty() && host.isEmpty() && path.isEmpty() && prefix.isEmpty()) {
      throw new IllegalArgumentException(
          "a redirect must have at least one of scheme, host, path and prefix");
    }
    if (scheme.filter(name -> !name.equals("http") && !name.equals("https")).isPresent()) {
      throw new IllegalArgumentException(
          "redirect scheme must be http or https, found \"" + scheme.get() + "\"");
    }
  }
}
