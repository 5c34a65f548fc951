package dev.gatehouse.gateway.share;

import dev.gatehouse.gateway.rejection.Rejection;

/**
 * A request that wants to be sent. One of the two is called, once, on the event loop, maybe before
 * {@link ServiceShare#enter} returns; none of them after {@link Permit#cancel()}.
 */
public interface Waiter {
  /** It may be sent now. The permit must be released, whatever becomes of the request. */
  void admitted(Permit permit);

  /** It waited too long, or had to make room for a tenant that has fewer waiting. */
  void refused(Rejection rejection);
}
