package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a gateway posts to {@link #PATH}: how fit it finds the endpoints of the services, those of
 * single tenants excepted. Each report takes the place of the one before it.
 *
 * @param gateway its name
 * @param services one for each service that it knows, at most {@value #MAX_SERVICES}
 * @param omitted endpoints that there was no room for
 */
public record EndpointReport(String gateway, List<ServiceHealth> services, int omitted) {
  /** Path on the control plane. */
  public static final String PATH = "/edge/v1/endpoints";

  /** How often a gateway reports where nothing changes. */
  public static final Duration EVERY = Duration.ofSeconds(15);

  /** After this time without a report, what the gateway has said is old. */
  public static final Duration STALE_AFTER = Duration.ofSeconds(45);

  /** Most services of one report. */
  public static final int MAX_SERVICES = 500;

  /** Most endpoints of one report, and most addresses of all of them. */
  public static final int MAX_ENDPOINTS = 2000;

  /** Most characters of what is said of an error. */
  public static final int MAX_TEXT = 200;

  /**
   * @throws IllegalArgumentException if it has too much
   */
  public EndpointReport {
    services = List.copyOf(services);
    ReportCodec.requireGateway(gateway);
    atMost("services", services.size(), MAX_SERVICES);
    atMost(
        "endpoints",
        services.stream().mapToInt(one -> one.endpoints().size()).sum(),
        MAX_ENDPOINTS);
    if (omitted < 0) {
      throw new IllegalArgumentException("omitted must be at least 0, found " + omitted);
    }
  }

  /**
   * A service.
   *
   * @param service its name
   * @param endpoints as they are configured
   * @param breaker of the requests of all tenants; empty if it has none, or none was needed yet
   */
  public record ServiceHealth(
      String service, List<EndpointHealth> endpoints, Optional<BreakerHealth> breaker) {
    /**
     * @throws IllegalArgumentException if the name is too long
     */
    public ServiceHealth {
      endpoints = List.copyOf(endpoints);
      requireText("service", service, 1);
    }
  }

  /**
   * An endpoint, or one of the addresses of its name.
   *
   * @param host of the endpoint
   * @param port of the endpoint
   * @param address that the name has; empty if it has none yet
   * @param state how it is
   * @param since when it became so
   * @param reason why
   * @param ejectedUntil when it takes part again, where it is ejected
   * @param lastError what went wrong last; empty if nothing has since it is known
   * @param lastErrorAt when that was
   */
  public record EndpointHealth(
      String host,
      int port,
      Optional<String> address,
      State state,
      Instant since,
      String reason,
      Optional<Instant> ejectedUntil,
      Optional<String> lastError,
      Optional<Instant> lastErrorAt) {
    /**
     * @throws IllegalArgumentException if a text is too long or none, or the port or a time none
     */
    public EndpointHealth {
      requireText("host", host, 1);
      address.ifPresent(text -> requireText("address", text, 1));
      requireText("reason", reason, 0);
      lastError.ifPresent(text -> requireText("lastError", text, 0));
      if (port < 1 || port > 65_535) {
        throw new IllegalArgumentException("port must be between 1 and 65535, found " + port);
      }
      ReportCodec.requireTime("since", since);
      ejectedUntil.ifPresent(time -> ReportCodec.requireTime("ejectedUntil", time));
      lastErrorAt.ifPresent(time -> ReportCodec.requireTime("lastErrorAt", time));
    }
  }

  /**
   * A circuit breaker.
   *
   * @param state {@code closed}, {@code open} or {@code half_open}
   * @param since when it became so
   */
  public record BreakerHealth(String state, Instant since) {
    /**
     * @throws IllegalArgumentException if it has no state, or the time is none
     */
    public BreakerHealth {
      requireText("state", state, 1);
      ReportCodec.requireTime("since", since);
    }
  }

  /** How an endpoint is. */
  public enum State implements WireName {
    /** It gets its share of the requests. */
    HEALTHY,
    /** Its checks fail. */
    UNHEALTHY,
    /** Requests to it failed, and it gets none for a while. */
    EJECTED,
    /** Its name has no address. */
    UNRESOLVED;

    @Override
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The one of this name.
     *
     * @throws IllegalArgumentException if there is none
     */
    @JsonCreator
    public static State of(String wireName) {
      return WireName.parse("state", values(), wireName);
    }
  }

  /** The report as JSON. */
  public byte[] encode() {
    return ReportCodec.encode(this);
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is none; the message says why
   */
  public static EndpointReport decode(byte[] json) {
    return ReportCodec.decode(json, EndpointReport.class);
  }

  /** As much of a text as a report has room for, in one line. */
  public static String cut(String text) {
    String line = text.replaceAll("\\p{Cc}", " ");
    return line.length() <= MAX_TEXT ? line : line.substring(0, MAX_TEXT - 1) + "…";
  }

  private static void requireText(String name, String text, int least) {
    if (text.length() < least || text.length() > MAX_TEXT + 100) {
      throw new IllegalArgumentException(
          name + " must have between " + least + " and " + (MAX_TEXT + 100) + " characters");
    }
    ReportCodec.requirePlain(name, text);
  }

  private static void atMost(String what, int found, int most) {
    if (found > most) {
      throw new IllegalArgumentException(what + " must be at most " + most + ", found " + found);
    }
  }
}
