package dev.gatehouse.gateway.upstream;

import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.HealthCheck;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Asks endpoints for their health, no more than a number at once; more wait in turn. As each target
 * waits at most once, no more wait than there are targets. Any thread.
 */
final class HealthChecker {
  /** What native transports say before the reason. */
  private static final Pattern NATIVE =
      Pattern.compile("^\\w+\\(\\.\\.\\) failed with error\\(-?\\d+\\): ");

  private final HealthProbes probes;
  private final int most;
  private final Queue<Waiting> waiting = new ArrayDeque<>();
  private int running;

  HealthChecker(HealthProbes probes, int most) {
    this.probes = probes;
    this.most = most;
  }

  /**
   * Asks once.
   *
   * @return what is wrong, in words; empty if nothing is. Never failed
   */
  Future<Optional<String>> check(
      EdgeService service, EndpointTls tls, HealthCheck check, Target target) {
    Waiting next = new Waiting(service, tls, check, target, Promise.promise());
    if (enter(next)) {
      run(next);
    }
    return next.answer.future();
  }

  private void run(Waiting one) {
    probes
        .ask(one.service, one.tls, one.check, one.target)
        .onComplete(answer -> {
          Waiting next = leave();
          if (next != null) {
            run(next);
          }
          one.answer.complete(
              answer.succeeded() ? answer.result() : Optional.of(reasonOf(answer.cause())));
        });
  }

  /** What a TLS handshake failed for is said by the innermost cause alone. */
  private static String reasonOf(Throwable failure) {
    Throwable innermost = failure;
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    return NATIVE.matcher(String.valueOf(innermost.getMessage())).replaceFirst("");
  }

  private synchronized boolean enter(Waiting next) {
    if (running < most) {
      running++;
      return true;
    }
    waiting.add(next);
    return false;
  }

  /** Hands the place over to the next one, if there is any. */
  private synchronized @Nullable Waiting leave() {
    Waiting next = waiting.poll();
    if (next == null) {
      running--;
    }
    return next;
  }

  private record Waiting(
      EdgeService service,
      EndpointTls tls,
      HealthCheck check,
      Target target,
      Promise<Optional<String>> answer) {}
}
