package dev.gatehouse.gateway.login;

import dev.gatehouse.gateway.Exchange;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is answered at the login's own places. Never kept by a cache.
 *
 * @param status the status code
 * @param location where the browser is sent, if it is
 * @param contentType of the body
 * @param body empty for none
 * @param cookies {@code Set-Cookie}
 */
record Reply(
    int status,
    Optional<String> location,
    Optional<String> contentType,
    String body,
    List<String> cookies) {
  /** Nothing is loaded, no page may put it into a frame, and what it does not need is off. */
  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

  Reply {
    cookies = List.copyOf(cookies);
  }

  static Reply redirect(int status, String location) {
    return new Reply(status, Optional.of(location), Optional.empty(), "", List.of());
  }

  static Reply page(String html) {
    return new Reply(
        200, Optional.empty(), Optional.of("text/html; charset=utf-8"), html, List.of());
  }

  static Reply json(int status, JsonObject body) {
    return new Reply(
        status, Optional.empty(), Optional.of("application/json"), body.encode(), List.of());
  }

  static Reply empty(int status) {
    return new Reply(status, Optional.empty(), Optional.empty(), "", List.of());
  }

  /** This, with one cookie more. */
  Reply with(String cookie) {
    List<String> more = new ArrayList<>(cookies);
    more.add(cookie);
    return new Reply(status, location, contentType, body, more);
  }

  /** On the exchange's event loop. */
  void writeTo(Exchange exchange) {
    HttpServerResponse response = exchange.request().response();
    if (response.ended() || response.closed() || response.headWritten()) {
      return;
    }
    response
        .setStatusCode(status)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .putHeader("Content-Security-Policy", POLICY)
        // Not no-referrer: the form to log out would come with Origin: null (Fetch section 3.2.5).
        .putHeader("Referrer-Policy", "same-origin")
        .putHeader("X-Content-Type-Options", "nosniff");
    location.ifPresent(to -> response.putHeader(HttpHeaders.LOCATION, to));
    contentType.ifPresent(type -> response.putHeader(HttpHeaders.CONTENT_TYPE, type));
    cookies.forEach(cookie -> response.headers().add(HttpHeaders.SET_COOKIE, cookie));
    if (exchange.method().equals(HttpMethod.HEAD)) {
      response.end();
    } else {
      response.end(Buffer.buffer(body));
    }
  }
}
