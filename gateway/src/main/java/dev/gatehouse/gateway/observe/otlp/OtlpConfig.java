package dev.gatehouse.gateway.observe.otlp;

import dev.gatehouse.gateway.bounds.Bound;
import dev.gatehouse.gateway.bounds.NotABound;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * A collector that takes metrics and spans by OTLP over HTTP.
 *
 * @param endpoint where it is, such as {@code http://127.0.0.1:4318}; {@code /v1/metrics} and
 *     {@code /v1/traces} are added
 * @param headers what each request to it carries, such as an Authorization (default none)
 * @param attributes what is said of this gateway besides its name and version (default none)
 * @param metrics whether metrics are sent (default true)
 * @param traces whether spans are sent (default true)
 * @param interval how often metrics are sent (default 30 s)
 * @param timeout how long the collector may take for one request (default 10 s)
 */
public record OtlpConfig(
    URI endpoint,
    Map<String, String> headers,
    Map<String, String> attributes,
    boolean metrics,
    boolean traces,
    @NotABound("how often") Duration interval,
    @Bound(
            atIt = "what was sent is dropped",
            metric = "gatehouse_otlp_exports_total{outcome=\"failed\"}")
        Duration timeout) {
  /** Metrics are sent. */
  public static final boolean METRICS = true;

  /** Spans are sent. */
  public static final boolean TRACES = true;

  /** How often metrics are sent. */
  public static final Duration INTERVAL = Duration.ofSeconds(30);

  /** How long a collector may take. */
  public static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** The defaults, for a collector on this machine. */
  public static final OtlpConfig DEFAULT = of(URI.create("http://127.0.0.1:4318"));

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public OtlpConfig {
    headers = Map.copyOf(headers);
    attributes = Map.copyOf(attributes);
    if (!("http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme()))
        || endpoint.getHost() == null) {
      throw new IllegalArgumentException("endpoint must be an http or https URL");
    }
    check("interval", interval);
    check("timeout", timeout);
  }

  /** One with everything at its default. */
  public static OtlpConfig of(URI endpoint) {
    return new OtlpConfig(endpoint, Map.of(), Map.of(), METRICS, TRACES, INTERVAL, TIMEOUT);
  }

  /** Where one kind of data goes. */
  String urlOf(String path) {
    String base = endpoint.toString();
    return (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path;
  }

  private static void check(String name, Duration value) {
    if (value.toMillis() < 100 || value.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException(name + " must be between 100 ms and 1 h, found " + value);
    }
  }

  /** Without the headers: they hold secrets. */
  @Override
  public String toString() {
    return "OtlpConfig[" + endpoint + "]";
  }
}
