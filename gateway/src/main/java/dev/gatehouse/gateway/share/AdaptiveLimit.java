package dev.gatehouse.gateway.share;

import java.util.concurrent.TimeUnit;

/**
 * Finds how many requests a service can work on at once, from how its response time changes with
 * load: TCP Vegas (Brakmo and Peterson, 1995) over windows of requests. With {@code base} the mean
 * time of the service without a queue and {@code mean} that of the last window, {@code limit × (1 −
 * base / mean)} requests are queued at the service; the limit grows while these are few, and
 * shrinks while they are many.
 *
 * <p>Means are compared with means, so that a service whose times vary does not look like one with
 * a queue. Only requests that began within a window count in it: they met the limit of that window.
 *
 * <p>What a loaded service takes without a queue must be looked for, or the base creeps up with the
 * queue. It is taken from windows in which no more than three quarters of the limit were in flight.
 * Where the load leaves none, the limit is cut to that, for as many windows as each cut shortens
 * the mean by as much: that long there was a queue. This is done after a second, then ever more
 * rarely, up to every half minute, while what is found stays the same (as the gradient controller
 * of Envoy does), and when the limit has fallen by as much on its own: either there is a queue, or
 * the service has become slower.
 *
 * <p>A window in which more than a tenth was dropped costs a tenth of the limit, whatever the
 * times.
 */
final class AdaptiveLimit implements ConcurrencyLimit {
  static final int START = 20;
  static final int MIN = 2;
  static final int MAX = 1000;

  private static final double CUT = 0.75;
  private static final double MOST_DROPPED = 0.1;
  private static final int WINDOW_REQUESTS = 100;
  private static final int FEWEST_REQUESTS = 10;
  private static final long LONGEST_WINDOW = TimeUnit.SECONDS.toNanos(1);
  private static final long FIRST_PROBE = TimeUnit.SECONDS.toNanos(1);
  private static final long RAREST_PROBE = TimeUnit.SECONDS.toNanos(30);

  private double limit = START;
  private double base;
  private double limitAtBase = START;
  private boolean probing;
  private int cuts;
  private double meanBeforeCut;
  private long lastBaseNanos;
  private long probeInterval = FIRST_PROBE;

  private boolean open;
  private long windowStart;
  private double sum;
  private int succeeded;
  private int mostInFlight;
  private int dropped;

  @Override
  public int current() {
    return (int) limit;
  }

  @Override
  public void started(int inFlight) {
    if (inFlight > mostInFlight) {
      mostInFlight = inFlight;
    }
  }

  @Override
  public void ended(Outcome outcome, long startNanos, long nowNanos, long nanosToFirstByte) {
    if (!open) {
      open = true;
      lastBaseNanos = nowNanos;
      openWindow(nowNanos);
      return;
    }
    if (outcome == Outcome.DROPPED) {
      dropped++;
    } else if (outcome == Outcome.SUCCESS && startNanos - windowStart >= 0) {
      sum += nanosToFirstByte;
      succeeded++;
    } else {
      return;
    }
    if (isWindowFull(nowNanos)) {
      closeWindow(nowNanos);
      openWindow(nowNanos);
    }
  }

  private boolean isWindowFull(long nowNanos) {
    int count = succeeded + dropped;
    return count >= Math.max(WINDOW_REQUESTS, 2 * current())
        || (count >= FEWEST_REQUESTS && nowNanos - windowStart >= LONGEST_WINDOW);
  }

  private void openWindow(long nowNanos) {
    windowStart = nowNanos;
    sum = 0;
    succeeded = 0;
    mostInFlight = 0;
    dropped = 0;
  }

  private void closeWindow(long nowNanos) {
    if (dropped > MOST_DROPPED * (succeeded + dropped)) {
      probing = false;
      set(0.9 * limit);
      return;
    }
    double mean = Math.max(1, sum / succeeded);
    boolean loaded = mostInFlight > CUT * limit;
    if (base == 0) {
      foundBase(mean, nowNanos);
    } else if (probing) {
      probe(mean, nowNanos);
    } else if (!loaded) {
      foundBase(base + 0.3 * (mean - base), nowNanos);
    } else if (mean < 0.6 * base) {
      foundBase(mean, nowNanos);
    } else if (limit <= CUT * limitAtBase || nowNanos - lastBaseNanos >= probeInterval) {
      probing = true;
      cuts = 0;
      cut(mean);
    } else {
      follow(mean);
    }
  }

  private void follow(double mean) {
    double queued = limit * (1 - base / mean);
    double most = Math.max(2, 0.2 * limit);
    if (queued < Math.max(1, 0.1 * limit)) {
      set(limit + Math.max(1, 0.1 * limit));
    } else if (queued > most) {
      set(Math.max(CUT * limit, limit - (queued - most)));
    }
  }

  private void cut(double mean) {
    cuts++;
    meanBeforeCut = mean;
    set(CUT * limit);
  }

  private void probe(double mean, long nowNanos) {
    if (mean < 0.8 * meanBeforeCut && limit > MIN) {
      cut(mean);
      return;
    }
    probing = false;
    boolean same = cuts == 1 && Math.abs(mean - base) < 0.2 * base;
    probeInterval = same ? Math.min(RAREST_PROBE, 2 * probeInterval) : FIRST_PROBE;
    set(limit / CUT);
    foundBase(mean, nowNanos);
  }

  private void foundBase(double nanos, long nowNanos) {
    base = nanos;
    limitAtBase = limit;
    lastBaseNanos = nowNanos;
  }

  private void set(double value) {
    limit = Math.clamp(value, MIN, MAX);
  }
}
