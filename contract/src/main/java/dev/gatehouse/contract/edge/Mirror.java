package dev.gatehouse.contract.edge;

/**
 * A service that gets a copy of requests. Its answers are thrown away, and nothing that happens to
 * a copy is seen by the client.
 *
 * @param service name of the {@link EdgeService}
 * @param percent of requests, 1 to 100
 */
public record Mirror(String service, int percent) {
  /**
   * @throws IllegalArgumentException if the percentage is out of its range
   */
  public Mirror {
    Range.check("mirror percent", percent, 1, 100);
  }
}
