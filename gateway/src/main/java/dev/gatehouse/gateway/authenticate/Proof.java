package dev.gatehouse.gateway.authenticate;

/** What a request proves in one way. */
public sealed interface Proof permits Principal, Proof.None, Authentication.Awaited {
  /** It proves nothing in this way, and does not try to. */
  None NONE = new None();

  /** Nothing. */
  record None() implements Proof {}
}
