package dev.gatehouse.loadtests.neighbours;

import dev.gatehouse.loadtests.contender.GatewayProcess;
import dev.gatehouse.loadtests.load.Arrivals;
import dev.gatehouse.loadtests.load.OpenLoadGenerator;
import dev.gatehouse.loadtests.load.OpenLoadGenerator.WhenFull;
import dev.gatehouse.loadtests.load.OpenLoadResult;
import dev.gatehouse.loadtests.load.Requests;
import dev.gatehouse.loadtests.process.Compilers;
import dev.gatehouse.loadtests.tenants.SyntheticTenants;
import dev.gatehouse.loadtests.upstream.Upstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Two tenants of one gateway, of whom one is measured. */
final class Neighbourhood {
  private static final int QUIET = 0;
  private static final int NOISY = 1;
  private static final int QUIET_CONNECTIONS = 256;

  /** More than one tenant may have waiting, so that its queue is full. */
  private static final int NOISY_CONNECTIONS = 1500;

  private static final long WARM_UP_SEED = 7;
  private static final Duration WARM_UP_TURN = Duration.ofSeconds(2);

  private final GatewayProcess gateway;
  private final Plan plan;

  Neighbourhood(GatewayProcess gateway, Plan plan) {
    this.gateway = gateway;
    this.plan = plan;
  }

  /**
   * Measures the quiet tenant for one turn, and waits until the application has nothing left to do.
   *
   * @param seed of the times at which both send
   * @throws IOException if a request went wrong
   */
  Sample measure(Situation situation, long seed) throws IOException, InterruptedException {
    try (LimitCourse limit = LimitCourse.of(gateway.adminPort(), situation.policy().service())) {
      Arrivals arrivals = Arrivals.poisson(plan.quietRate(), plan.whole(), seed);
      double noisyRate = situation.neighbour() ? plan.noisyRate() : 0;
      FutureTask<OpenLoadResult> noisy =
          new FutureTask<>(() -> flood(situation.policy(), noisyRate, plan.whole(), -seed));
      Thread.ofPlatform().daemon().start(noisy);
      try (OpenLoadGenerator quiet =
          connect(situation.policy(), QUIET, QUIET_CONNECTIONS, WhenFull.WAIT)) {
        OpenLoadResult result = quiet.run(arrivals, plan.settle());
        LimitCourse.Range range = limit.end();
        return Sample.of(result, noisy.get(), plan, range);
      } catch (ExecutionException e) {
        throw new IOException("the neighbour failed: " + e.getCause(), e);
      }
    }
  }

  /**
   * Lets the gateway's compilers see every kind of request and refusal, until they have come to
   * rest.
   *
   * @return whether they have, in so much time
   */
  boolean warmUp(Duration limit) throws IOException {
    return Compilers.comeToRest(gateway.process().handle(), limit, this::floodEveryService);
  }

  private boolean floodEveryService() throws IOException {
    for (Policy policy : Policy.values()) {
      flood(policy, plan.noisyRate(), WARM_UP_TURN, WARM_UP_SEED);
    }
    return true;
  }

  private OpenLoadResult flood(Policy policy, double perSecond, Duration duration, long seed)
      throws IOException {
    Arrivals arrivals = Arrivals.poisson(perSecond, duration, seed);
    try (OpenLoadGenerator load = connect(policy, NOISY, NOISY_CONNECTIONS, WhenFull.SKIP)) {
      return load.run(arrivals, plan.settle());
    }
  }

  private OpenLoadGenerator connect(Policy policy, int tenant, int connections, WhenFull whenFull)
      throws IOException {
    return OpenLoadGenerator.connect(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port()),
        connections,
        whenFull,
        Requests.of(List.of(SyntheticTenants.request(tenant, policy.target()))),
        Upstream.BODY_LENGTH);
  }
}
