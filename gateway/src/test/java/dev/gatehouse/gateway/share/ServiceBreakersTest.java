package dev.gatehouse.gateway.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gatehouse.contract.edge.CircuitBreaker;
import dev.gatehouse.contract.edge.Concurrency;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.ServiceOverride;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.share.ServiceBreaker.Result;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a service is left alone. */
@Timeout(10)
class ServiceBreakersTest {
  private static final CircuitBreaker CONFIG =
      new CircuitBreaker(
          OptionalInt.of(50),
          OptionalInt.of(10),
          OptionalInt.of(4),
          Optional.of(Duration.ofSeconds(3)),
          OptionalInt.of(2));

  private final MovingClock clock = new MovingClock();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ServiceBreakers breakers = new ServiceBreakers(registry, clock);
  private final Tenant tenant = TestTenants.weighing(1);

  private static EdgeService service(Optional<CircuitBreaker> breaker) {
    EdgeService plain = TestTenants.service(Concurrency.DEFAULT);
    return new EdgeService(
        plain.name(),
        plain.endpoints(),
        plain.protocol(),
        plain.connectTimeout(),
        plain.responseTimeout(),
        plain.totalTimeout(),
        plain.balancing(),
        plain.healthCheck(),
        plain.outlierDetection(),
        breaker,
        plain.retries(),
        plain.concurrency(),
        plain.compression(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static void pass(ServiceBreaker breaker, Result result, int times) {
    for (int i = 0; i < times; i++) {
      breaker.enter();
      breaker.ended(result);
    }
  }

  @Test
  void isNotThereWhereNothingIsConfigured() {
    assertThat(breakers.of(service(Optional.empty()), tenant)).isSameAs(ServiceBreaker.NONE);
    assertThat(breakers.toJson()).isEmpty();
  }

  @Test
  void opensAfterTooManyFailuresAndClosesAfterTrialsThatSucceed() {
    ServiceBreaker breaker = breakers.of(service(Optional.of(CONFIG)), tenant);
    pass(breaker, Result.FAILURE, 4);
    assertThatExceptionOfType(Rejection.CircuitOpen.class)
        .isThrownBy(breaker::enter)
        .satisfies(open -> assertThat(open.retryAfterSeconds()).isEqualTo(3));
    assertThat(registry.get("gatehouse.breakers").tag("state", "open").gauge().value())
        .isEqualTo(1);
    assertThat(breakers.toJson().getJsonObject(0).getString("state")).isEqualTo("open");

    clock.pass(Duration.ofMillis(3001));
    pass(breaker, Result.UNKNOWN, 10);
    pass(breaker, Result.SUCCESS, 2);

    assertThat(breakers.toJson().getJsonObject(0).getString("state")).isEqualTo("closed");
  }

  @Test
  void opensAgainWhenTrialsFail() {
    ServiceBreaker breaker = breakers.of(service(Optional.of(CONFIG)), tenant);
    pass(breaker, Result.FAILURE, 4);
    clock.pass(Duration.ofMillis(3001));
    pass(breaker, Result.FAILURE, 2);
    assertThatExceptionOfType(Rejection.CircuitOpen.class).isThrownBy(breaker::enter);
  }

  @Test
  void givesATenantThatIsDifferentOneOfItsOwn() {
    EdgeService service = service(Optional.of(CONFIG));
    Tenant different =
        TestTenants.with(
            new ServiceOverride(Optional.empty(), Optional.of(CONFIG), Optional.empty()));
    pass(breakers.of(service, different), Result.FAILURE, 4);
    pass(breakers.of(service, tenant), Result.SUCCESS, 1);
    assertThatExceptionOfType(Rejection.CircuitOpen.class)
        .isThrownBy(breakers.of(service, different)::enter);
  }

  @Test
  void beginsAnewWhenItsConfigurationChanges() {
    pass(breakers.of(service(Optional.of(CONFIG)), tenant), Result.FAILURE, 4);
    CircuitBreaker changed =
        new CircuitBreaker(
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            OptionalInt.empty());
    pass(breakers.of(service(Optional.of(changed)), tenant), Result.FAILURE, 19);
    assertThat(breakers.toJson()).hasSize(1);
  }

  @Test
  void forgetsThoseThatNobodyUses() {
    breakers.of(service(Optional.of(CONFIG)), tenant);
    breakers.sweep();
    assertThat(breakers.toJson()).hasSize(1);
    clock.pass(Duration.ofMinutes(11));
    breakers.sweep();
    assertThat(breakers.toJson()).isEmpty();
  }

  @Test
  void keepsABoundedNumber() {
    EdgeService service = service(Optional.of(CONFIG));
    for (int i = 0; i < ServiceBreakers.MOST + 10; i++) {
      breakers.of(
          service,
          TestTenants.with(
              new ServiceOverride(Optional.empty(), Optional.of(CONFIG), Optional.empty())));
    }
    assertThat(breakers.toJson()).hasSize(ServiceBreakers.MOST);
  }

  /** A clock that moves only when the test says so. */
  private static final class MovingClock extends Clock {
    private Instant now = Instant.EPOCH;

    void pass(Duration time) {
      now = now.plus(time);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
