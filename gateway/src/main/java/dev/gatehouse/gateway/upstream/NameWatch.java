package dev.gatehouse.gateway.upstream;

import dev.gatehouse.gateway.upstream.NameResolver.Resolution;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the addresses of one name fresh: asks again when an answer's time is over, a little earlier
 * by chance. Where DNS fails, what it last said goes on holding. Any thread.
 */
final class NameWatch {
  private static final Logger LOG = LoggerFactory.getLogger(NameWatch.class);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);

  private final String name;
  private final Environment environment;
  private final Runnable changed;
  private final Promise<Void> first = Promise.promise();
  private volatile List<String> addresses = List.of();
  private volatile Optional<String> failure = Optional.empty();
  private volatile boolean stopped;
  private int failures;

  /**
   * @param changed told when the addresses have changed
   */
  NameWatch(String name, Environment environment, Runnable changed) {
    this.name = name;
    this.environment = environment;
    this.changed = changed;
  }

  /** Begins to ask, until {@link #stop}. */
  void start() {
    environment.vertx().runOnContext(_ -> ask());
  }

  void stop() {
    stopped = true;
    first.tryComplete();
  }

  /** The addresses last heard of; empty if none ever was. */
  List<String> addresses() {
    return addresses;
  }

  /** What was wrong with the last answer; empty if nothing was. */
  Optional<String> failure() {
    return failure;
  }

  /** Completed after the first answer, whatever it was. */
  Future<Void> first() {
    return first.future();
  }

  private void ask() {
    if (!stopped) {
      environment
          .names()
          .resolve(name)
          .onComplete(answer ->
              environment
                  .vertx()
                  .runOnContext(_ -> {
                    if (answer.succeeded()) {
                      heard(answer.result());
                    } else {
                      failed(String.valueOf(answer.cause().getMessage()));
                    }
                  }));
    }
  }

  private void heard(Resolution resolution) {
    failures = 0;
    failure.ifPresent(_ -> LOG.info("DNS answers for {} again", name));
    failure = Optional.empty();
    boolean news = !addresses.equals(resolution.addresses());
    addresses = resolution.addresses();
    if (news && !stopped) {
      changed.run();
    }
    first.tryComplete();
    askIn(resolution.ttl());
  }

  private void failed(String reason) {
    if (failure.isEmpty()) {
      LOG.warn("no address of {}, {} goes on holding: {}", name, addresses, reason);
    }
    failure = Optional.of(reason);
    first.tryComplete();
    Duration retry = environment.config().dns().minTtl().multipliedBy(1L << Math.min(failures, 10));
    failures++;
    askIn(retry.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : retry);
  }

  private void askIn(Duration time) {
    if (!stopped) {
      double jitter = ThreadLocalRandom.current().nextDouble(0.9, 1.0);
      environment.vertx().setTimer(Math.max(1, (long) (time.toMillis() * jitter)), _ -> ask());
    }
  }
}
