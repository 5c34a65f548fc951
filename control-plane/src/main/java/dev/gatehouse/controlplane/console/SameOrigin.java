package dev.gatehouse.controlplane.console;

import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/**
 * Refuses what pages of other origins send. Browsers say from where a request comes ({@code
 * Sec-Fetch-Site}; over plain HTTP to other machines, {@code Origin}); one that does not say it is
 * no browser that the console knows.
 */
final class SameOrigin {
  private SameOrigin() {}

  /**
   * Lets pass what a page of the console has sent.
   *
   * @throws ProblemException {@code FORBIDDEN}
   */
  static void require(HttpServerRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    boolean same = site == null ? hasSameOrigin(request) : site.equals("same-origin");
    if (!same) {
      throw new ProblemException(
          Problem.FORBIDDEN, "the console takes forms from its own pages alone");
    }
  }

  private static boolean hasSameOrigin(HttpServerRequest request) {
    Optional<String> host =
        Optional.ofNullable(request.getHeader("Host")).map(name -> name.toLowerCase(Locale.ROOT));
    return host.isPresent()
        && Optional.ofNullable(request.getHeader("Origin"))
            .flatMap(SameOrigin::authorityOf)
            .equals(host);
  }

  private static Optional<String> authorityOf(String origin) {
    try {
      return Optional.ofNullable(URI.create(origin).getRawAuthority())
          .map(authority -> authority.toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
