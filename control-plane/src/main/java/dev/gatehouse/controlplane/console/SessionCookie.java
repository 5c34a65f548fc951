package dev.gatehouse.controlplane.console;

import dev.gatehouse.controlplane.api.ClientAddresses;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * The cookie of a session. Over TLS its name has the prefix {@code __Host-}, so that no other host
 * and no plain connection can set it.
 */
final class SessionCookie {
  private static final String PLAIN = "gatehouse-console";
  private static final String SECURE = "__Host-gatehouse-console";
  private static final String PATH = "/console";

  private SessionCookie() {}

  static Optional<SessionSecret> read(RoutingContext context) {
    return Optional.ofNullable(context.request().getCookie(nameFor(context)))
        .flatMap(cookie -> SessionSecret.parse(cookie.getValue()));
  }

  static void write(RoutingContext context, SessionSecret secret) {
    context.response().addCookie(cookie(context, secret.reveal()));
  }

  static void clear(RoutingContext context) {
    context.response().addCookie(cookie(context, "").setMaxAge(0));
  }

  private static Cookie cookie(RoutingContext context, String value) {
    boolean secure = ClientAddresses.isSecure(context);
    return Cookie.cookie(nameFor(context), value)
        .setHttpOnly(true)
        .setSecure(secure)
        .setSameSite(CookieSameSite.STRICT)
        .setPath(secure ? "/" : PATH);
  }

  private static String nameFor(RoutingContext context) {
    return ClientAddresses.isSecure(context) ? SECURE : PLAIN;
  }
}
