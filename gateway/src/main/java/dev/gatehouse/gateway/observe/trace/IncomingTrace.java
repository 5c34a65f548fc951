package dev.gatehouse.gateway.observe.trace;

/** What becomes of the trace that a client says its request belongs to. */
public enum IncomingTrace {
  /** The request stays in it, but whether it is sampled is the gateway's own choice. */
  CONTINUE,

  /**
   * The request begins a trace of its own, with a link to the client's; nobody behind sees that.
   */
  RESTART,

  /** The request stays in it, and is sampled if the client says so and not otherwise. */
  OBEY
}
