package dev.gatehouse.gateway.share;

import dev.gatehouse.gateway.rejection.Rejection;

/**
 * A request that wants to be sent, on the event loop. It is admitted or refused, once, maybe before
 * {@link ServiceShare#enter} returns, and may be refused after it was admitted; neither after its
 * permit was released or cancelled.
 */
public interface Waiter {
  /** It may be sent now. The permit must be released, whatever becomes of the request. */
  void admitted(Permit permit);

  /**
   * It waited too long, or had to make room for a tenant that has fewer waiting; or its client was
   * slow while others waited.
   */
  void refused(Rejection rejection);

  /**
   * Whether it cannot go on because its client does not send it as fast as clients have to: others
   * may have its place meanwhile.
   */
  boolean isClientBehind(long nowNanos);

  /** The same for so long that its place may be taken from it. */
  boolean awaitsSlowClient(long nowNanos);
}
