package dev.gatehouse.gateway.share;

/** What the end of a request says about how loaded its service is. */
public enum Outcome {
  /** It answered; the time to the first byte counts. */
  SUCCESS,
  /** It showed that it is overloaded: timed out, reset, or answered 503 or 429. */
  DROPPED,
  /** Nothing: the client went away, or the request never got there. */
  IGNORED
}
