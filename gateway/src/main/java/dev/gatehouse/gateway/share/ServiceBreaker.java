package dev.gatehouse.gateway.share;

import dev.gatehouse.gateway.rejection.Rejection;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.util.concurrent.TimeUnit;

/**
 * Leaves a service alone that fails as a whole. Every {@link #enter()} that returned is followed by
 * one {@link #ended}. All event loops of a gateway share it; any thread, lock-free.
 */
public sealed interface ServiceBreaker {
  /** That of a service that has none: lets everything through. */
  ServiceBreaker NONE = new None();

  /**
   * Asks for a request to be let through.
   *
   * @throws Rejection.CircuitOpen if the service is left alone
   */
  void enter();

  /**
   * Says how the request ended.
   *
   * @param result a 5xx answer is a failure as well as none at all
   */
  void ended(Result result);

  /** How a request ended, seen by a breaker. */
  enum Result {
    SUCCESS,
    FAILURE,
    /** Cannot be told: the client went away, or the request was not sent. */
    UNKNOWN
  }

  /** See {@link #NONE}. */
  record None() implements ServiceBreaker {
    @Override
    public void enter() {}

    @Override
    public void ended(Result result) {}
  }

  /** By Resilience4j, over a window of requests. */
  record Counting(CircuitBreaker breaker, Rejection.CircuitOpen refusal) implements ServiceBreaker {
    @SuppressWarnings("StaticAssignmentOfThrowable") // It carries no stack trace.
    private static final Failure FAILED = new Failure();

    @Override
    public void enter() {
      if (!breaker.tryAcquirePermission()) {
        throw refusal;
      }
    }

    @Override
    public void ended(Result result) {
      switch (result) {
        case SUCCESS -> breaker.onSuccess(0, TimeUnit.NANOSECONDS);
        case FAILURE -> breaker.onError(0, TimeUnit.NANOSECONDS, FAILED);
        case UNKNOWN -> breaker.releasePermission();
      }
    }
  }

  /** What Resilience4j is told of every failure; it wants a throwable and reads nothing in it. */
  final class Failure extends RuntimeException {
    private Failure() {
      super("the service failed", null, false, false);
    }
  }
}
