package dev.gatehouse.controlplane.api;

/**
 * How much one caller and one address may ask of a process.
 *
 * @param callerPerSecond requests of one token or user in a second (default 100)
 * @param callerBurst requests of one token or user at once (default 200)
 * @param addressPerSecond requests from one address in a second (default 200); raise it where a
 *     proxy stands in front of the control plane, which then is the address of all
 * @param addressBurst requests from one address at once (default 400)
 * @param wrongTokensPerMinute how many tokens that open nothing one address may show in a minute
 *     before all its tokens are refused for a while (default 60)
 */
public record RateLimitConfig(
    int callerPerSecond,
    int callerBurst,
    int addressPerSecond,
    int addressBurst,
    int wrongTokensPerMinute) {
  /** The defaults. */
  public static final RateLimitConfig DEFAULT = new RateLimitConfig(100, 200, 200, 400, 60);

  private static final int MAX = 1_000_000;

  /**
   * @throws IllegalArgumentException if one is out of its range
   */
  public RateLimitConfig {
    check("callerPerSecond", callerPerSecond);
    check("callerBurst", callerBurst);
    check("addressPerSecond", addressPerSecond);
    check("addressBurst", addressBurst);
    check("wrongTokensPerMinute", wrongTokensPerMinute);
  }

  private static void check(String name, int value) {
    if (value < 1 || value > MAX) {
      throw new IllegalArgumentException(
          name + " must be between 1 and " + MAX + ", found " + value);
    }
  }
}
