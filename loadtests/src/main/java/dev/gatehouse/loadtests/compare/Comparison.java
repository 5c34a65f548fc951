package dev.gatehouse.loadtests.compare;

import dev.gatehouse.loadtests.contender.RunningContender;
import dev.gatehouse.loadtests.load.LoadGenerator;
import dev.gatehouse.loadtests.load.LoadResult;
import dev.gatehouse.loadtests.load.Requests;
import dev.gatehouse.loadtests.process.Compilers;
import dev.gatehouse.loadtests.process.ProcessUsage;
import dev.gatehouse.loadtests.upstream.Upstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

/** Puts the same work on contenders that run, in turns. */
public final class Comparison {
  /** How often it is asked whether a contender is warm. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Plan plan;
  private final Function<RunningContender, Requests> requests;
  private final Consumer<String> progress;

  /**
   * @param requests what every contender is asked, in rotation
   * @param progress takes a word for each step
   */
  Comparison(Plan plan, Requests requests, Consumer<String> progress) {
    this(plan, _ -> requests, progress);
  }

  /**
   * @param requests what a contender is asked, in rotation
   * @param progress takes a word for each step
   */
  public Comparison(
      Plan plan, Function<RunningContender, Requests> requests, Consumer<String> progress) {
    this.plan = plan;
    this.requests = requests;
    this.progress = progress;
  }

  /**
   * Warms every contender up, then measures each once in every round. The order turns from round to
   * round, so that nobody always follows the same neighbour.
   *
   * @throws IOException if a contender stops answering or gives a wrong answer
   */
  public Rounds run(List<RunningContender> contenders) throws IOException {
    for (RunningContender contender : contenders) {
      progress.accept("warming up " + contender.name());
      warmUp(contender);
    }
    Rounds rounds = new Rounds();
    for (int round = 0; round < plan.rounds(); round++) {
      progress.accept("round " + (round + 1) + " of " + plan.rounds());
      for (int i = 0; i < contenders.size(); i++) {
        RunningContender contender = contenders.get((round + i) % contenders.size());
        rounds.add(contender.name(), measure(contender));
      }
    }
    return rounds;
  }

  /** Until it has had so many requests and its compilers, where it has any, have come to rest. */
  private void warmUp(RunningContender contender) throws IOException {
    AtomicLong answers = new AtomicLong();
    try (LoadGenerator load = connect(contender)) {
      boolean warm =
          Compilers.comeToRest(
              contender.process().handle(),
              plan.warmUpLimit(),
              () ->
                  answers.addAndGet(checked(contender, load.run(LOOK)).answers())
                      >= plan.warmUpRequests());
      if (!warm) {
        progress.accept(contender.name() + " is not warm yet: it will look slower than it is");
      }
    }
  }

  /**
   * Asks for every host once before anything counts: in service, where no contender pauses for the
   * others' turns, what is kept for each tenant is warm.
   */
  private void settle(RunningContender contender, LoadGenerator load) throws IOException {
    long answers = 0;
    while (answers < plan.tenants()) {
      answers += checked(contender, load.run(plan.settle())).answers();
    }
  }

  private Measurement measure(RunningContender contender) throws IOException {
    try (LoadGenerator load = connect(contender)) {
      settle(contender, load);
      ProcessUsage before = ProcessUsage.of(contender.process().handle());
      LoadResult result = checked(contender, load.run(plan.turn()));
      return Measurement.of(result, before, ProcessUsage.of(contender.process().handle()));
    }
  }

  private LoadGenerator connect(RunningContender contender) throws IOException {
    return LoadGenerator.connect(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), contender.port()),
        plan.connections(),
        requests.apply(contender),
        Upstream.BODY_LENGTH);
  }

  private static LoadResult checked(RunningContender contender, LoadResult result)
      throws IOException {
    if (result.wrongAnswers() > 0) {
      throw new IOException(
          "%s gave %d wrong answers beside %d right ones; the first: %s"
              .formatted(
                  contender.name(),
                  result.wrongAnswers(),
                  result.answers(),
                  result.firstFault().orElse("unknown")));
    }
    return result;
  }
}
