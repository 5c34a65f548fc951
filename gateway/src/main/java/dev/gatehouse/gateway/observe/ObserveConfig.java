package dev.gatehouse.gateway.observe;

/**
 * What is told about requests.
 *
 * @param accessLog whether each request is logged, one JSON document a line (default true)
 */
public record ObserveConfig(boolean accessLog) {
  /** The defaults. */
  public static final ObserveConfig DEFAULT = new ObserveConfig(true);
}
