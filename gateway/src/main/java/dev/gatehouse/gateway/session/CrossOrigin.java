package dev.gatehouse.gateway.session;

import dev.gatehouse.gateway.RequestHead;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import java.util.Set;

/**
 * Whether a page of another origin makes a browser send a request, with the session's cookie. Told
 * by what browsers say themselves: {@code Sec-Fetch-Site} (Fetch Metadata section 2.3), and {@code
 * Origin} (RFC 6454 section 7) where they are older. Other tenants' hosts are other origins, though
 * they may be of the same site, for which cookies with {@code SameSite} make no difference.
 */
public final class CrossOrigin {
  private static final Set<HttpMethod> SAFE =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.TRACE);

  /** What a page's own forms come with, where it lets nobody know of it (Referrer-Policy). */
  private static final String WITHHELD = "null";

  private CrossOrigin() {}

  /**
   * Whether a request may use a session. Safe methods may (RFC 9110 section 9.2.1), but for the
   * handshake of a WebSocket, which no browser holds back.
   */
  public static boolean mayUseSession(RequestHead head, String host) {
    return (SAFE.contains(head.method()) && head.headers().upgrade() == null)
        || isOfSameOrigin(head, host);
  }

  /** Whether no other origin's page is behind a request. */
  public static boolean isOfSameOrigin(RequestHead head, String host) {
    MultiMap headers = head.allHeaders();
    String site = headers.get("Sec-Fetch-Site");
    String origin = headers.get("Origin");
    if (site != null && !site.equals("same-origin") && !site.equals("none")) {
      return false;
    }
    return origin == null
        || isOrigin(origin, head, host)
        || (origin.equals(WITHHELD) && "same-origin".equals(site));
  }

  private static boolean isOrigin(String origin, RequestHead head, String host) {
    String expected = head.scheme() + "://" + host;
    int port = head.authority() == null ? -1 : head.authority().port();
    String defaultPort = head.scheme().equals("https") ? "443" : "80";
    return (port < 0 || Integer.toString(port).equals(defaultPort))
        ? origin.equals(expected)
        : origin.equals(expected + ":" + port);
  }
}
