package dev.gatehouse.deploy.config;

/**
 * One thing that is wrong with a configuration.
 *
 * @param path where, such as {@code http.port}; empty for the whole
 * @param problem what was found and what is expected
 */
public record ConfigFault(String path, String problem) {
  @Override
  public String toString() {
    return path.isEmpty() ? problem : path + ": " + problem;
  }
}
