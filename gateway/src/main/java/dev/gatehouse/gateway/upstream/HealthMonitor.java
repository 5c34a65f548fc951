package dev.gatehouse.gateway.upstream;

import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.HealthCheck;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Asks one target at intervals, give or take a tenth, the first time after a random part of one, so
 * that the checks of many are spread. The next question waits for the answer to the last.
 */
final class HealthMonitor {
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final Environment environment;
  private final EdgeService service;
  private final EndpointTls tls;
  private final HealthCheck check;
  private final Target target;
  private final Consumer<Optional<String>> heard;
  private volatile boolean stopped;

  /**
   * @param heard told what is wrong at each answer; empty if nothing is
   */
  HealthMonitor(
      Environment environment,
      EdgeService service,
      HealthCheck check,
      Target target,
      Consumer<Optional<String>> heard) {
    this.environment = environment;
    this.service = service;
    this.tls = HealthProbes.tlsOf(service, check, environment.trust());
    this.check = check;
    this.target = target;
    this.heard = heard;
  }

  void start() {
    askIn(firstPause(interval(), ThreadLocalRandom.current()));
  }

  void stop() {
    stopped = true;
  }

  private Duration interval() {
    return check.interval().orElse(INTERVAL);
  }

  /** Milliseconds until the first question. */
  static long firstPause(Duration interval, RandomGenerator random) {
    return Math.max(1, random.nextLong(interval.toMillis()));
  }

  /** Milliseconds from an answer to the next question. */
  static long nextPause(Duration interval, RandomGenerator random) {
    long tenth = interval.toMillis() / 10;
    return interval.toMillis() + random.nextLong(-tenth, tenth + 1);
  }

  private void askIn(long millis) {
    environment.vertx().setTimer(millis, _ -> ask());
  }

  private void ask() {
    if (!stopped) {
      environment.checks().check(service, tls, check, target).onSuccess(this::answered);
    }
  }

  private void answered(Optional<String> failure) {
    if (!stopped) {
      environment.meters().healthChecked(service.name(), failure.isEmpty());
      heard.accept(failure);
      askIn(nextPause(interval(), ThreadLocalRandom.current()));
    }
  }
}
