package dev.gatehouse.loadtests.latency;

import dev.gatehouse.loadtests.contender.RunningContender;
import dev.gatehouse.loadtests.load.Arrivals;
import dev.gatehouse.loadtests.load.LoadGenerator;
import dev.gatehouse.loadtests.load.LoadResult;
import dev.gatehouse.loadtests.load.OpenLoadGenerator;
import dev.gatehouse.loadtests.load.OpenLoadGenerator.WhenFull;
import dev.gatehouse.loadtests.load.OpenLoadResult;
import dev.gatehouse.loadtests.load.Requests;
import dev.gatehouse.loadtests.process.Compilers;
import dev.gatehouse.loadtests.upstream.Upstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Offers the same rate to contenders that run, in turns. */
final class HalfLoad {
  private static final Duration CAPACITY_TURN = Duration.ofSeconds(1);

  private final Plan plan;
  private final Requests requests;
  private final Consumer<String> progress;

  /**
   * @param requests what every contender is asked, in rotation
   * @param progress takes a word for each step
   */
  HalfLoad(Plan plan, Requests requests, Consumer<String> progress) {
    this.plan = plan;
    this.requests = requests;
    this.progress = progress;
  }

  /**
   * Warms every contender up.
   *
   * @return half of the requests a second that the slowest of them can serve
   * @throws IOException if a contender stops answering or gives a wrong answer
   */
  double half(List<RunningContender> contenders) throws IOException {
    double slowest = Double.POSITIVE_INFINITY;
    for (RunningContender contender : contenders) {
      progress.accept("warming up " + contender.name());
      try (LoadGenerator load =
          LoadGenerator.connect(
              addressOf(contender), plan.connections(), requests, Upstream.BODY_LENGTH)) {
        LoadResult result = warmUp(contender, load);
        check(contender, result.wrongAnswers(), result.firstFault().orElse("none"));
        slowest = Math.min(slowest, result.requestsPerSecond());
      }
    }
    return slowest / 2;
  }

  /**
   * Until it has had so many requests and its compilers, where it has any, have come to rest; what
   * the last second saw is what it can serve.
   */
  private LoadResult warmUp(RunningContender contender, LoadGenerator load) throws IOException {
    List<LoadResult> results = new ArrayList<>();
    boolean warm =
        Compilers.comeToRest(
            contender.process().handle(),
            plan.warmUpLimit(),
            () -> {
              results.add(load.run(CAPACITY_TURN));
              return results.stream().mapToLong(LoadResult::answers).sum() >= plan.warmUpRequests();
            });
    if (!warm) {
      progress.accept(contender.name() + " is not warm yet: it will look slower than it is");
    }
    return results.getLast();
  }

  /**
   * Measures each once in every round. The order turns from round to round, so that nobody always
   * follows the same neighbour; all of one round are sent the same requests at the same times.
   *
   * @throws IOException if a contender stops answering or gives a wrong answer
   */
  Rounds run(List<RunningContender> contenders, double perSecond) throws IOException {
    Rounds rounds = new Rounds();
    for (int round = 0; round < plan.rounds(); round++) {
      progress.accept("round " + (round + 1) + " of " + plan.rounds());
      Arrivals arrivals = Arrivals.poisson(perSecond, plan.settle().plus(plan.turn()), round + 1L);
      for (int i = 0; i < contenders.size(); i++) {
        RunningContender contender = contenders.get((round + i) % contenders.size());
        rounds.add(contender.name(), measure(contender, arrivals));
      }
    }
    return rounds;
  }

  private Latency measure(RunningContender contender, Arrivals arrivals) throws IOException {
    try (OpenLoadGenerator load =
        OpenLoadGenerator.connect(
            addressOf(contender),
            plan.connections(),
            WhenFull.WAIT,
            requests,
            Upstream.BODY_LENGTH)) {
      OpenLoadResult result = load.run(arrivals, plan.settle());
      check(
          contender,
          result.wrongAnswers() + result.refused(),
          result.firstFault().orElse("status 503"));
      return Latency.of(result);
    }
  }

  private static void check(RunningContender contender, long wrong, String first)
      throws IOException {
    if (wrong > 0) {
      throw new IOException(
          "%s gave %d wrong answers; the first: %s".formatted(contender.name(), wrong, first));
    }
  }

  private static InetSocketAddress addressOf(RunningContender contender) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), contender.port());
  }
}
