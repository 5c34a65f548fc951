package dev.gatehouse.gateway.limit;

import dev.gatehouse.gateway.authenticate.Authenticated;
import dev.gatehouse.gateway.exfiltration.EgressMeter;
import org.jspecify.annotations.Nullable;

/**
 * A request that is within its tenant's share.
 *
 * @param request what was authenticated
 * @param maxBodyBytes how long its body may get, however it is announced
 * @param slots one of these is taken by the request until it ends
 * @param egress counts what leaves in its response; null where another gateway does
 */
public record Admitted(
    Authenticated request, long maxBodyBytes, Slots slots, @Nullable EgressMeter egress) {
  /** One that nothing is counted of here. */
  public Admitted(Authenticated request, long maxBodyBytes, Slots slots) {
    this(request, maxBodyBytes, slots, null);
  }
}
