package dev.gatehouse.loadtests.neighbours;

import dev.gatehouse.loadtests.load.OpenLoadResult;
import java.io.IOException;

/**
 * What the quiet tenant met in one turn.
 *
 * @param refusedPart of its requests, answered 503; 0 to 1
 * @param noisyPerSecond right answers that its neighbour got
 * @param limit requests in flight that the gateway allowed meanwhile
 */
record Sample(
    double p50Millis,
    double p99Millis,
    double refusedPart,
    double noisyPerSecond,
    LimitCourse.Range limit) {

  /**
   * @throws IOException if a request went wrong that was not refused
   */
  static Sample of(OpenLoadResult quiet, OpenLoadResult noisy, Plan plan, LimitCourse.Range limit)
      throws IOException {
    check(quiet);
    check(noisy);
    return new Sample(
        quiet.millisAt(50),
        quiet.millisAt(99),
        (double) quiet.refused() / Math.max(1, quiet.refused() + quiet.answers()),
        noisy.answers() / (plan.turn().toMillis() / 1e3),
        limit);
  }

  private static void check(OpenLoadResult result) throws IOException {
    if (result.wrongAnswers() > 0) {
      throw new IOException(
          "%d wrong answers beside %d right ones; the first: %s"
              .formatted(
                  result.wrongAnswers(), result.answers(), result.firstFault().orElse("unknown")));
    }
  }
}
