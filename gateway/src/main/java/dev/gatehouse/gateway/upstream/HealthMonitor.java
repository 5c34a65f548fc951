package dev.gatehouse.gateway.upstream;

import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.HealthCheck;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * Asks one target at intervals, give or take a tenth, the first time after a random part of one, so
 * that the checks of many are spread. The next question waits for the answer to the last.
 */
final class HealthMonitor {
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final Environment environment;
  private final EdgeService service;
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
    this.check = check;
    this.target = target;
    this.heard = heard;
  }

  void start() {
    askIn(ThreadLocalRandom.current().nextDouble());
  }

  void stop() {
    stopped = true;
  }

  private void askIn(double intervals) {
    long millis = (long) (check.interval().orElse(INTERVAL).toMillis() * intervals);
    environment.vertx().setTimer(Math.max(1, millis), _ -> ask());
  }

  private void ask() {
    if (!stopped) {
      environment.checks().check(service, check, target).onSuccess(this::answered);
    }
  }

  private void answered(Optional<String> failure) {
    if (!stopped) {
      environment.meters().healthChecked(service.name(), failure.isEmpty());
      heard.accept(failure);
      askIn(ThreadLocalRandom.current().nextDouble(0.9, 1.1));
    }
  }
}
