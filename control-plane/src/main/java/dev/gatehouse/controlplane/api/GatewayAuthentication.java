package dev.gatehouse.controlplane.api;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Lets only gateways pass. They prove that they are some by a token, and say which one they are in
 * what they ask or report: {@link #requireNamed} must be asked whether the token is that one's.
 */
public final class GatewayAuthentication implements Handler<RoutingContext> {
  private static final String CALLER = GatewayAuthentication.class.getName();

  private final RateLimits limits;
  private final Authenticator gateways;

  /**
   * @param limits bounds how many wrong tokens an address may show
   * @param gateways knows their tokens
   */
  public GatewayAuthentication(RateLimits limits, Authenticator gateways) {
    this.limits = limits;
    this.gateways = gateways;
  }

  @Override
  public void handle(RoutingContext context) {
    context.put(CALLER, limits.authenticate(context, gateways));
    context.next();
  }

  /**
   * Tells whether the token of the request still holds, as often as it is asked: what goes on for
   * long must end with it. Blocks; fails where that cannot be found out.
   */
  public Callable<Boolean> holds(RoutingContext context) {
    Optional<String> authorization =
        Optional.ofNullable(context.request().getHeader(HttpHeaders.AUTHORIZATION));
    return () -> {
      try {
        gateways.authenticate(authorization);
        return true;
      } catch (ProblemException refusal) {
        return refusal.problem() != Problem.UNAUTHENTICATED;
      }
    };
  }

  /**
   * Refuses a name for which the token of the request is not.
   *
   * @param gateway who says to ask or report
   * @throws ProblemException {@code FORBIDDEN}
   */
  public static void requireNamed(RoutingContext context, String gateway) {
    Caller caller = Objects.requireNonNull(context.get(CALLER), "nobody was authenticated");
    caller
        .bounds()
        .gateways()
        .filter(names -> !names.include(gateway))
        .ifPresent(names -> {
          throw new ProblemException(
              Problem.FORBIDDEN,
              "the token is for \"%s\", and not for a gateway of the name \"%s\""
                  .formatted(names.text(), gateway));
        });
  }
}
