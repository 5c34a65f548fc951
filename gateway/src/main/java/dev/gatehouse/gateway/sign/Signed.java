package dev.gatehouse.gateway.sign;

import dev.gatehouse.gateway.Exchange;
import dev.gatehouse.gateway.admit.Sanitized;
import dev.gatehouse.gateway.authenticate.Authenticated;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.route.Routed;

/**
 * A request that carries the gateway's word for whose it is.
 *
 * @param exchange the request itself, to be answered: what is only explained is never signed
 * @param request what was routed
 * @param context the signed context, for the service that it goes to; empty where it goes to a
 *     gateway of another region, which finds out for itself whose it is
 */
public record Signed(Exchange exchange, Routed request, String context) {
  /** Whether another gateway decides about it, and is to see it as it came. */
  public boolean isForAnotherGateway() {
    return context.isEmpty();
  }

  /** What was admitted at the very first. */
  public Sanitized sanitized() {
    return authenticated().request().request();
  }

  /** Whose it is, and who calls. */
  public Authenticated authenticated() {
    return request.request().request();
  }

  /** Whose it is. */
  public Tenant tenant() {
    return authenticated().request().tenant();
  }
}
