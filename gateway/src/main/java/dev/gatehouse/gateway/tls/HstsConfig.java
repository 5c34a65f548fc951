package dev.gatehouse.gateway.tls;

import dev.gatehouse.gateway.bounds.NotABound;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;

/**
 * What browsers are told to keep to: TLS alone, for so long (HTTP Strict Transport Security, RFC
 * 6797). Said with TLS only, and where the upstream says nothing of its own.
 *
 * @param maxAge for how long from each response on (default 365 d); 0 to have it forgotten
 * @param includeSubdomains whether that holds for every name below the host, too: also for those
 *     that tenants have elsewhere (default no)
 * @param preload whether the host may be built into browsers, where it stays for years (default no)
 */
public record HstsConfig(
    @NotABound("what browsers are told") Duration maxAge,
    boolean includeSubdomains,
    boolean preload) {
  /** A year, for each host by itself. */
  public static final HstsConfig DEFAULT = new HstsConfig(Duration.ofDays(365), false, false);

  private static final CharSequence HEADER =
      HttpHeaders.createOptimized("Strict-Transport-Security");

  /**
   * @throws IllegalArgumentException if the time is negative, or too short for what is asked
   */
  public HstsConfig {
    if (maxAge.isNegative()) {
      throw new IllegalArgumentException("maxAge must not be negative, found " + maxAge);
    }
    if (preload && (!includeSubdomains || maxAge.toDays() < 365)) {
      throw new IllegalArgumentException(
          "preload needs includeSubdomains and a maxAge of 365 d at least");
    }
  }

  /** The header's value. */
  public String value() {
    return "max-age="
        + maxAge.toSeconds()
        + (includeSubdomains ? "; includeSubDomains" : "")
        + (preload ? "; preload" : "");
  }

  /**
   * Has a response say it, whoever writes it.
   *
   * @param value of {@link #value()}
   */
  public static void addTo(HttpServerResponse response, String value) {
    response.headersEndHandler(_ -> {
      if (!response.headers().contains(HEADER)) {
        response.headers().set(HEADER, value);
      }
    });
  }
}
