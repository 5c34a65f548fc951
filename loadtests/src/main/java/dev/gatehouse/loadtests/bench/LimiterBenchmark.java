package dev.gatehouse.loadtests.bench;

import dev.gatehouse.gateway.directory.TenantHost;
import dev.gatehouse.gateway.limit.TenantLimiter;
import dev.gatehouse.loadtests.tenants.SyntheticTenants;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One token out of the bucket of a tenant that is known, as every request takes it. */
@State(Scope.Benchmark)
@BenchmarkMode({Mode.AverageTime, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx4g", "-XX:+UseCompactObjectHeaders", "-XX:+UseTransparentHugePages"})
@SuppressWarnings("NullAway.Init") // JMH calls setUp() before it measures.
public class LimiterBenchmark {
  /** How many tenants there are. */
  @Param({"1000", "10000", "1000000"})
  public int tenants;

  /** Which of them take tokens. */
  @Param({"WORKING_SET", "UNIFORM"})
  public Access access = Access.UNIFORM;

  private Platform platform;
  private TenantLimiter[] limiters;
  private int[] turns;
  private int turn;

  /** Makes the tenants, and with a first token each one's bucket. */
  @Setup
  public void setUp() {
    platform = new Platform(tenants);
    limiters = new TenantLimiter[tenants];
    for (int i = 0; i < tenants; i++) {
      TenantHost host = platform.directory().current().byHost(SyntheticTenants.host(i));
      limiters[i] = Objects.requireNonNull(host).tenant().limiter();
    }
    turns = access.turns(tenants);
    for (int number : turns) {
      limiters[number].tryAcquire();
    }
  }

  /** Stops what the platform runs on. */
  @TearDown
  public void tearDown() {
    platform.close();
  }

  /** One request's token. */
  @Benchmark
  public boolean tryAcquire() {
    turn = turn + 1 == turns.length ? 0 : turn + 1;
    return limiters[turns[turn]].tryAcquire();
  }
}
