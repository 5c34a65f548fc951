package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What each endpoint is asked at intervals. An endpoint that was never asked counts as healthy.
 *
 * @param type what is asked
 * @param path what {@link Type#HTTP} asks for; {@code /} if absent
 * @param expectedStatus the status that means healthy; any from 200 to 299 if absent
 * @param grpcService the service name in {@code grpc.health.v1.Health/Check}; the whole server if
 *     absent
 * @param interval from one question to the next, give or take a tenth; 5 s if absent
 * @param timeout for the answer; 1 s if absent
 * @param healthyThreshold good answers in a row until an unhealthy endpoint is healthy; 2 if absent
 * @param unhealthyThreshold bad answers in a row until a healthy endpoint is unhealthy; 3 if absent
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record HealthCheck(
    Type type,
    Optional<String> path,
    OptionalInt expectedStatus,
    Optional<String> grpcService,
    Optional<Duration> interval,
    Optional<Duration> timeout,
    OptionalInt healthyThreshold,
    OptionalInt unhealthyThreshold) {

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public HealthCheck {
    if (path.isPresent() && !path.get().startsWith("/")) {
      throw new IllegalArgumentException(
          "healthCheck path must begin with /, found \"" + path.get() + "\"");
    }
    expectedStatus.ifPresent(status -> Range.check("expectedStatus", status, 200, 599));
    interval.ifPresent(
        time -> Range.check("interval", time, Duration.ofMillis(100), Duration.ofHours(1)));
    timeout.ifPresent(
        time -> Range.check("timeout", time, Duration.ofMillis(10), Duration.ofMinutes(1)));
    healthyThreshold.ifPresent(count -> Range.check("healthyThreshold", count, 1, 100));
    unhealthyThreshold.ifPresent(count -> Range.check("unhealthyThreshold", count, 1, 100));
  }

  /** What is asked. */
  public enum Type implements WireName {
    /** {@code GET} over the protocol of the service. */
    HTTP,
    /** {@code grpc.health.v1.Health/Check}; the service must speak HTTP/2. */
    GRPC,
    /** Whether it takes a connection. */
    TCP;

    @Override
    public String wireName() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Reads {@link #wireName()} back.
     *
     * @throws IllegalArgumentException if there is no such name
     */
    @JsonCreator
    public static Type fromWireName(String name) {
      return WireName.parse("healthCheck type", values(), name);
    }
  }
}
