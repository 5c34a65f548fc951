package dev.gatehouse.gateway.upstream;

/** What became of one attempt at an endpoint. */
public enum Outcome {
  /** It answered, with less than 500. */
  SUCCESS,
  /** There was no connection to it, or the TLS handshake failed. */
  FAILED_CONNECT,
  /** It broke off, did not answer in time, or answered 5xx. */
  FAILED,
  /** The client left, or the attempt was not needed any more: says nothing about the endpoint. */
  ABANDONED
}
