package dev.gatehouse.gateway.admit;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The gateway's own cookies (RFC 6265). All are of the prefix {@code __Host-}: no other host can
 * set them, nor one under the same domain. None reaches an upstream.
 */
public final class GatewayCookies {
  /** What all of their names begin with. */
  public static final String PREFIX = "__Host-gatehouse-";

  /** The session's. */
  public static final String SESSION = PREFIX + "session";

  private static final String ATTRIBUTES = "; Path=/; Secure; HttpOnly; SameSite=Lax";

  private GatewayCookies() {}

  /**
   * The value of a cookie.
   *
   * @return empty if it is not there, or there twice: nobody can say then which of the two is ours
   */
  public static Optional<String> find(MultiMap headers, String name) {
    List<String> found = new ArrayList<>();
    for (String header : headers.getAll(HttpHeaders.COOKIE)) {
      if (header.contains(PREFIX)) {
        for (String pair : header.split(";", -1)) {
          String cookie = pair.strip();
          if (cookie.startsWith(name + "=")) {
            found.add(cookie.substring(name.length() + 1));
          }
        }
      }
    }
    return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }

  /** Whether one of the gateway's own is there. */
  public static boolean anyIn(CharSequence header) {
    return header.toString().contains(PREFIX);
  }

  /**
   * A header {@code Cookie} without the gateway's own.
   *
   * @return empty if nothing is left
   */
  public static String without(String header) {
    StringBuilder rest = new StringBuilder();
    for (String pair : header.split(";", -1)) {
      String cookie = pair.strip();
      if (!cookie.isEmpty() && !cookie.startsWith(PREFIX)) {
        rest.append(rest.isEmpty() ? "" : "; ").append(cookie);
      }
    }
    return rest.toString();
  }

  /** {@code Set-Cookie} for the browser's session; or for as long as is said. */
  public static String set(String name, String value, Optional<Duration> maxAge) {
    return name
        + "="
        + value
        + ATTRIBUTES
        + maxAge.map(age -> "; Max-Age=" + age.toSeconds()).orElse("");
  }

  /** {@code Set-Cookie} that ends it. */
  public static String clear(String name) {
    return set(name, "", Optional.of(Duration.ZERO));
  }
}
