package dev.gatehouse.gateway.upstream;

/** How a request to an endpoint went. */
public enum Outcome {
  SUCCESS,
  FAILED_CONNECT,
  FAILED,
  ABANDONED
}
