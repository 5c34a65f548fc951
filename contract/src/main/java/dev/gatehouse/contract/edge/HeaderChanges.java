package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Changes to headers: first what is removed, then what is set, then what is added. What frames a
 * message and what the gateway itself says (RFC 9110 section 7.6.1, {@code Host}, {@code
 * Content-Length}, {@code Forwarded}, {@code X-Forwarded-*}, {@code X-Tenant-*}, {@code
 * traceparent}) cannot be changed.
 *
 * @param remove names
 * @param set names and values, in place of all values that are there
 * @param add names and values, beside those that are there
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record HeaderChanges(
    Optional<List<String>> remove,
    Optional<Map<String, String>> set,
    Optional<Map<String, String>> add) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

  /** What RFC 9110 section 5.5 lets a value hold, without a space at its ends. */
  private static final Pattern VALUE =
      Pattern.compile("[!-~\\x80-\\xff]([\\t -~\\x80-\\xff]*[!-~\\x80-\\xff])?|");

  private static final Set<String> GATEWAYS_OWN =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "proxy-authenticate",
          "proxy-authorization",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "host",
          "content-length",
          "forwarded",
          "traceparent");

  private static final List<String> GATEWAYS_OWN_PREFIXES = List.of("x-tenant-", "x-forwarded-");

  /**
   * @throws IllegalArgumentException if a name or a value is not one of a header, or a header
   *     cannot be changed
   */
  public HeaderChanges {
    remove = remove.map(List::copyOf);
    set = set.map(Map::copyOf);
    add = add.map(Map::copyOf);
    remove.stream().flatMap(List::stream).forEach(HeaderChanges::requireChangeable);
    Stream.concat(set.stream(), add.stream())
        .flatMap(map -> map.entrySet().stream())
        .forEach(header -> requireValid(header.getKey(), header.getValue()));
  }

  /**
   * @throws IllegalArgumentException if it is no name of a header, or of one that is the gateway's
   */
  static void requireChangeable(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "header names must be tokens of RFC 9110, found \"" + name + "\"");
    }
    // Applications that read headers as variables cannot tell _ from -.
    String plain = name.toLowerCase(Locale.ROOT).replace('_', '-');
    if (GATEWAYS_OWN.contains(plain)
        || GATEWAYS_OWN_PREFIXES.stream().anyMatch(plain::startsWith)) {
      throw new IllegalArgumentException(
          "the header \"" + name + "\" is the gateway's own and cannot be changed");
    }
  }

  private static void requireValid(String name, String value) {
    requireChangeable(name);
    if (!VALUE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "the value of the header \""
              + name
              + "\" must hold no control characters and no space at its ends");
    }
  }
}
