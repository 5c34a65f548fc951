package dev.gatehouse.gateway.share;

import dev.gatehouse.gateway.bounds.Bound;
import java.util.concurrent.TimeUnit;

/**
 * Finds how many requests a service can work on at once, from how its response time changes with
 * load: TCP Vegas (Brakmo and Peterson, 1995) over windows of requests. With {@code base} the mean
 * time of the service without a queue and {@code mean} that of the last window, {@code limit × (1 −
 * base / mean)} requests are queued at the service; the limit grows while these are few, and
 * shrinks while they are many; half a millisecond is forgiven. It grows the faster the more windows
 * in a row have found no queue: a slow service that can work on hundreds would else be held back
 * for minutes.
 *
 * <p>Means are compared with means, so that a service whose times vary does not look like one with
 * a queue, and of a hundred requests at least: those of fewer differ by more than a queue would
 * make them. What so few leave unclear is forgiven, too, or a low base would hold a slow service
 * back for minutes; and the first bases found are averaged. See {@link RequestWindow}.
 *
 * <p>What a loaded service takes without a queue must be looked for, or the base creeps up with the
 * queue. It is taken from windows in which no more than three quarters of the limit were in flight.
 * Where the load leaves none, the limit is cut to that, for as many windows as each cut shortens
 * the mean by as much: that long there was a queue. This is done at once (by halves, as the first
 * limit may be far off), after a second, then ever more rarely, up to every half minute, while what
 * is found stays the same (as the gradient controller of Envoy does), and when the limit has fallen
 * by as much on its own: either there is a queue, or the service has become slower. A service so
 * slow that windows take seconds is probed in one of six at most.
 *
 * <p>A service that takes a fraction of a millisecond is not limited to a few requests: what the
 * gateway's own pauses make of its times looks like a queue, and a real one is over in no time.
 *
 * <p>A request that takes ten times as long as those of the last window did, and a second at least
 * (a long poll), is held back on purpose, and need not hold a place that others need. Where the
 * service has come to a stop instead, it gets as many requests more after each such time, until the
 * window shows it.
 *
 * <p>A window in which more than a tenth was dropped costs a tenth of the limit, whatever the
 * times.
 *
 * <p>One for all event loops of a gateway, each of which may use its part: a limit of each loop's
 * own would see the requests of the others as the service's time, and a cut of one alone would
 * shorten nothing. No lock: what is written here is written by the thread that closed a window,
 * before it opens the next.
 */
final class AdaptiveLimit implements ConcurrencyLimit {
  static final int START = 20;
  static final int MIN = 2;

  @Bound(
      of = "requests in flight at a service, where `concurrency.maxRequests` does not say",
      unit = "requests",
      atIt = "the limit that is found grows no further",
      metric = "gatehouse_service_limit")
  static final int MAX = 1000;

  private static final int NO_WINDOW = 0;
  private static final int WINDOW_REQUESTS = 100;
  private static final double CUT = 0.75;
  private static final double FIRST_CUT = 0.5;
  private static final double STEP = 0.1;

  /** Standard errors of a mean of times that vary as an exponential distribution does. */
  private static final double UNCLEAR = 1.5;

  /** What a base that was found anew counts for, where several were found before. */
  private static final double LEAST_BASE_WEIGHT = 0.3;

  private static final double LARGEST_STEP = 0.5;
  private static final long FIRST_PROBE = TimeUnit.SECONDS.toNanos(1);
  private static final long RAREST_PROBE = TimeUnit.SECONDS.toNanos(30);
  private static final int WINDOWS_BETWEEN_PROBES = 5;

  /** The least time after which a request counts as held back. */
  private static final double HELD_BACK = TimeUnit.SECONDS.toNanos(1);

  /** What is supposed of a service of which nothing is known yet. */
  private static final double UNKNOWN_MEAN = TimeUnit.MILLISECONDS.toNanos(500);

  /** Requests queued at the service for less than this, in all, need not be put in order. */
  private static final double SHORT_QUEUE = TimeUnit.MILLISECONDS.toNanos(4);

  /** What event loops and schedulers add to the time of a fast service is no queue of its own. */
  private static final double TOLERATED = TimeUnit.MICROSECONDS.toNanos(500);

  private final int eventLoops;
  private volatile RequestWindow window = new RequestWindow(NO_WINDOW + 1, WINDOW_REQUESTS);
  private volatile double limit = START;
  private int growths;
  private double base;
  private int basesAveraged;

  /** Of the last window; infinite where the service was overloaded in it. */
  private volatile double lastMean = UNKNOWN_MEAN;

  private double limitAtBase = START;
  private long lastBaseNanos;
  private int windowsSinceBase;
  private long probeInterval = FIRST_PROBE;
  private boolean probing;
  private double limitBeforeProbe;
  private double meanBeforeCut;

  /**
   * @param eventLoops that share it
   */
  AdaptiveLimit(int eventLoops) {
    this.eventLoops = eventLoops;
  }

  @Override
  public int current() {
    return Math.max(1, (int) (limit / eventLoops));
  }

  @Override
  public int started(int inFlight, long nowNanos) {
    RequestWindow current = window;
    return current.begin(inFlight, nowNanos) ? current.number() : NO_WINDOW;
  }

  @Override
  public boolean isHeldBack(long nanosInFlight) {
    return nanosInFlight > Math.max(HELD_BACK, RequestWindow.STRAGGLER * lastMean);
  }

  @Override
  public void ended(int began, Outcome outcome, long nowNanos, long nanosToFirstByte) {
    RequestWindow current = window;
    if (outcome == Outcome.DROPPED) {
      current.drop();
    }
    if (began == current.number()) {
      current.end(outcome, nanosToFirstByte);
    }
    boolean overloaded = current.isOverloaded();
    if ((overloaded || current.isComplete(nowNanos)) && current.close()) {
      if (overloaded) {
        shed();
      } else if (current.hasMean()) {
        boolean loaded = current.mostInFlight() > CUT * current();
        learn(current.meanNanos(), loaded, nowNanos);
      }
      window = new RequestWindow(current.number() + 1, windowSize());
    }
  }

  private int windowSize() {
    return Math.max(WINDOW_REQUESTS, 2 * (int) limit);
  }

  private void shed() {
    probing = false;
    growths = 0;
    lastMean = Double.POSITIVE_INFINITY;
    set(0.9 * limit);
  }

  private void learn(double mean, boolean loaded, long nowNanos) {
    windowsSinceBase++;
    lastMean = mean;
    if (probing) {
      probe(mean, nowNanos);
    } else if (!loaded) {
      foundBase(base + baseWeight() * (mean - base), nowNanos);
    } else if (base == 0 || isProbeDue(nowNanos)) {
      probing = true;
      limitBeforeProbe = limit;
      cut(mean);
    } else if (mean < 0.6 * base) {
      basesAveraged = 0;
      foundBase(mean, nowNanos);
    } else {
      follow(mean);
    }
  }

  private boolean isProbeDue(long nowNanos) {
    return limit <= CUT * limitAtBase
        || (windowsSinceBase > WINDOWS_BETWEEN_PROBES && nowNanos - lastBaseNanos >= probeInterval);
  }

  private void follow(double mean) {
    double queued = limit * (1 - (base + TOLERATED) / mean);
    double few = Math.max(0.1, UNCLEAR / Math.sqrt(windowSize()));
    double most = Math.max(2, (few + 0.1) * limit);
    if (queued < Math.max(1, few * limit)) {
      growths++;
      set(limit + Math.max(1, Math.min(LARGEST_STEP, growths * STEP) * limit));
      return;
    }
    growths = 0;
    if (queued > most) {
      set(Math.max(CUT * limit, limit - (queued - most)));
    }
  }

  private void cut(double mean) {
    meanBeforeCut = mean;
    set(cutTo() * limit);
  }

  /** At first the limit may be far off, and half of it shows more clearly whether it is. */
  private double cutTo() {
    return base == 0 ? FIRST_CUT : CUT;
  }

  private void probe(double mean, long nowNanos) {
    double shorter = Math.min(0.8 * meanBeforeCut, meanBeforeCut - TOLERATED);
    if (mean < shorter && limit > least()) {
      growths = 0;
      cut(mean);
      return;
    }
    probing = false;
    boolean same = base != 0 && Math.abs(mean - base) < Math.max(0.2 * base, TOLERATED);
    if (same) {
      probeInterval = Math.min(RAREST_PROBE, 2 * probeInterval);
      set(limitBeforeProbe);
      foundBase(base + baseWeight() * (mean - base), nowNanos);
    } else {
      basesAveraged = 0;
      probeInterval = FIRST_PROBE;
      set(Math.min(limitBeforeProbe, limit / cutTo()));
      foundBase(mean, nowNanos);
    }
  }

  private double baseWeight() {
    return Math.max(LEAST_BASE_WEIGHT, 1.0 / (basesAveraged + 1));
  }

  private void foundBase(double nanos, long nowNanos) {
    base = nanos;
    basesAveraged++;
    limitAtBase = limit;
    lastBaseNanos = nowNanos;
    windowsSinceBase = 0;
  }

  private void set(double value) {
    limit = Math.clamp(value, least(), (double) MAX * eventLoops);
  }

  private double least() {
    return base == 0 ? MIN : Math.clamp(SHORT_QUEUE / base, MIN, START);
  }
}
