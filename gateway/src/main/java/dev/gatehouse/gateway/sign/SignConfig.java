package dev.gatehouse.gateway.sign;

import dev.gatehouse.gateway.bounds.Bound;
import java.time.Duration;

/**
 * The signed context.
 *
 * @param life how long a signed context is valid (default and most 60 s); it is signed anew when
 *     three quarters of it are over
 * @param cachedSignatures how many signed contexts are kept (default 100000)
 */
public record SignConfig(
    @Bound(
            atIt =
                "services refuse a signed context that is older; it is signed anew when three quarters are over")
        Duration life,
    @Bound(
            unit = "contexts",
            atIt = "one more signed context is not kept: its like is signed for each request")
        int cachedSignatures) {
  /** The defaults. */
  public static final SignConfig DEFAULT = new SignConfig(Duration.ofSeconds(60), 100_000);

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public SignConfig {
    if (life.compareTo(Duration.ofSeconds(10)) < 0 || life.compareTo(Duration.ofSeconds(60)) > 0) {
      throw new IllegalArgumentException("life must be between 10s and 60s, found " + life);
    }
    if (cachedSignatures < 0) {
      throw new IllegalArgumentException(
          "cachedSignatures must be at least 0, found " + cachedSignatures);
    }
  }
}
