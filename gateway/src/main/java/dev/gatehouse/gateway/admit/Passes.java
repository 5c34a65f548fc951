package dev.gatehouse.gateway.admit;

import dev.gatehouse.gateway.bounds.Bound;
import dev.gatehouse.gateway.rejection.Rejection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Through how many gateways a request has come (RFC 8586): each adds itself to {@code CDN-Loop}.
 * Whoever writes there by himself is refused earlier, and nobody later: what a gateway adds, only a
 * service can take away that passes requests on.
 */
public final class Passes {
  /** The header. */
  public static final String HEADER = "CDN-Loop";

  /** What every gateway calls itself. */
  public static final String NAME = "gatehouse";

  /** Services that call each other through the gateway, and pass all headers on, need some. */
  @Bound(
      of = "times that a request may come through gateways",
      unit = "times",
      atIt = "one more is answered 508: it is taken to go in a circle",
      metric = "gatehouse_requests_refused_total{problem=\"loop-detected\"}")
  static final int MOST = 10;

  private Passes() {}

  /**
   * Lets a request in that does not go in circles.
   *
   * @param said {@code CDN-Loop}; null if there is none
   * @throws Rejection.LoopDetected if it has come through too many gateways
   */
  static void requireFew(@Nullable String said) {
    if (said == null) {
      return;
    }
    int passes = 0;
    for (String entry : said.split(",", -1)) {
      int parameters = entry.indexOf(';');
      String name = parameters < 0 ? entry : entry.substring(0, parameters);
      if (name.strip().toLowerCase(Locale.ROOT).equals(NAME) && ++passes >= MOST) {
        throw Rejection.LoopDetected.IN_A_CIRCLE;
      }
    }
  }
}
