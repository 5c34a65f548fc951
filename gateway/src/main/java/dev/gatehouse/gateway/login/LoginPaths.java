package dev.gatehouse.gateway.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.gateway.RequestHead;
import dev.gatehouse.gateway.bounds.Bound;
import dev.gatehouse.gateway.resolve.Resolved;
import dev.gatehouse.gateway.session.Sessions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.net.URLEncoder;

/** Where at a tenant's hosts users log in and out. None of it reaches an upstream. */
public final class LoginPaths {
  /** What all of them begin with. */
  public static final String PREFIX = "/.gatehouse/";

  /** Begins a login. */
  public static final String LOGIN = PREFIX + "login";

  /** Where identity providers send browsers back to: the redirect URI to register. */
  public static final String CALLBACK = PREFIX + "callback";

  /** Ends a session. */
  public static final String LOGOUT = PREFIX + "logout";

  /** Where identity providers send browsers after a logout. */
  public static final String LOGGED_OUT = PREFIX + "logged-out";

  /** Where identity providers say that a session has ended. */
  public static final String BACK_CHANNEL_LOGOUT = PREFIX + "backchannel-logout";

  /** Says who has logged in. */
  public static final String SESSION = PREFIX + "session";

  /** At the account host: the tenants that the user may enter. */
  public static final String TENANTS = PREFIX + "tenants";

  /** At the account host: gives a code for a tenant. */
  public static final String ENTER = PREFIX + "enter";

  /** Takes such a code. */
  public static final String ENTERED = PREFIX + "entered";

  @Bound(of = "`return` of a login", unit = "characters", atIt = "the path `/` is returned to")
  private static final int MAX_RETURN = 1500;

  private LoginPaths() {}

  /** Whether a request is for one of them. */
  static boolean take(Resolved request) {
    return request.request().target().startsWith(PREFIX) && Sessions.allowedAt(request.tenant());
  }

  /**
   * Whether somebody looks at a page who can be sent to log in: what only loads something for a
   * page, or is no browser, is told that it lacks a credential.
   */
  public static boolean isNavigation(RequestHead head) {
    String accept = head.allHeaders().get(HttpHeaders.ACCEPT);
    String mode = head.allHeaders().get("Sec-Fetch-Mode");
    return (head.method().equals(HttpMethod.GET) || head.method().equals(HttpMethod.HEAD))
        && head.headers().upgrade() == null
        && accept != null
        && accept.contains("text/html")
        && (mode == null || mode.equals("navigate"));
  }

  /** Where a browser is sent to log in, and then come back to where it was. */
  public static String loginFor(String target) {
    return mayReturnTo(target) ? LOGIN + "?return=" + URLEncoder.encode(target, UTF_8) : LOGIN;
  }

  /**
   * Whether it is a place at the same host, such as a browser reads it: {@code //} and {@code /\\}
   * begin another host.
   */
  static boolean mayReturnTo(String target) {
    return target.length() <= MAX_RETURN
        && target.startsWith("/")
        && !target.startsWith("//")
        && target.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '\\')
        && (!target.startsWith(PREFIX) || target.equals(TENANTS) || target.startsWith(ENTER + "?"));
  }
}
