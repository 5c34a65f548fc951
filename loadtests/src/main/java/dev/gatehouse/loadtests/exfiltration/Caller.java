package dev.gatehouse.loadtests.exfiltration;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * An ordinary caller, or one that was ordinary until its attack began. Each has a volume of its own
 * and hours of its own: much by day, little by night, now and then (one hour of a hundred) three to
 * six times as much, as for a report.
 *
 * @param number from 0; those of one tenant are neighbours
 * @param requestsPerWindow on average over a day
 * @param meanBytes of a response
 * @param shift by how many hours its day is later
 */
record Caller(
    int number,
    int tenant,
    double requestsPerWindow,
    double meanBytes,
    int shift,
    Optional<Attack> attack) {
  /** One each at the first tenants. */
  private static final List<Attack> ATTACKS = List.of(Attack.values());

  /** Of all responses. */
  static final long MEAN_BYTES = 6_000;

  private static final double LEAST_REQUESTS = 1;
  private static final double MOST_REQUESTS = 4;
  private static final double LEAST_BYTES = 2_000;
  private static final double MOST_BYTES = 10_000;
  private static final int MOST_SHIFT = 8;
  private static final double BURSTS = 0.01;

  /** Of the hour of the day at which it is busiest, beside the average of the day. */
  private static final double SWING = 0.8;

  /** Of the logarithm of the length of responses. */
  private static final double SPREAD = 0.8;

  static Caller of(Plan plan, int number, SplittableRandom random) {
    int tenant = number / plan.callersPerTenant();
    boolean first = number % plan.callersPerTenant() == 0;
    Optional<Attack> attack =
        first && tenant < ATTACKS.size() ? Optional.of(ATTACKS.get(tenant)) : Optional.empty();
    return new Caller(
        number,
        tenant,
        random.nextDouble(LEAST_REQUESTS, MOST_REQUESTS),
        random.nextDouble(LEAST_BYTES, MOST_BYTES),
        random.nextInt(MOST_SHIFT),
        attack);
  }

  /** The lengths of the responses that it fetches within a window. */
  int[] fetches(int window, Plan plan, SplittableRandom random) {
    double hour = (double) (window + shift) / plan.windowsPerDay();
    double busy = 1 - SWING * Math.cos(2 * Math.PI * hour);
    double burst = random.nextDouble() < BURSTS ? random.nextDouble(3, 6) : 1;
    int day = Math.floorDiv(window - plan.attackBegins(), plan.windowsPerDay());
    double factor = attack.map(found -> found.factor(day)).orElse(1.0);
    int[] lengths = new int[poisson(requestsPerWindow * busy * burst * factor, random)];
    for (int i = 0; i < lengths.length; i++) {
      double spread = Math.exp(SPREAD * random.nextGaussian() - SPREAD * SPREAD / 2);
      lengths[i] = (int) Math.ceil(meanBytes * spread);
    }
    return lengths;
  }

  /** How much it fetches in a day, on average and without bursts. */
  double usualBytesPerDay(Plan plan) {
    return requestsPerWindow * meanBytes * plan.windowsPerDay();
  }

  /** Knuth, "The Art of Computer Programming", volume 2, section 3.4.1. */
  private static int poisson(double mean, SplittableRandom random) {
    double limit = Math.exp(-mean);
    double product = random.nextDouble();
    int number = 0;
    while (product > limit) {
      product *= random.nextDouble();
      number++;
    }
    return number;
  }
}
