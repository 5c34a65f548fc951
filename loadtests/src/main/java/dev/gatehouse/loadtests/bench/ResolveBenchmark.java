package dev.gatehouse.loadtests.bench;

import dev.gatehouse.gateway.Exchange;
import dev.gatehouse.gateway.admit.Sanitized;
import dev.gatehouse.gateway.client.AddressRules;
import dev.gatehouse.gateway.client.ClientAddresses;
import dev.gatehouse.gateway.client.ProxyConfig;
import dev.gatehouse.gateway.residency.Entrance;
import dev.gatehouse.gateway.residency.ResidencyConfig;
import dev.gatehouse.gateway.resolve.ResolveConfig;
import dev.gatehouse.gateway.resolve.Resolved;
import dev.gatehouse.gateway.resolve.TenantResolver;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
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

/**
 * The resolve stage, from a host to a tenant that is served. Each operation brings its host as a
 * new string, as requests do: its hash is not known yet, and its bytes are allocated here. The
 * strings are made from one array in the order of the turns, which the processor reads ahead, just
 * as a request's head is in its cache when the host is read from it: what misses the cache is the
 * directory, not the benchmark.
 */
@State(Scope.Benchmark)
@BenchmarkMode({Mode.AverageTime, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx4g", "-XX:+UseCompactObjectHeaders", "-XX:+UseTransparentHugePages"})
@SuppressWarnings("NullAway.Init") // JMH calls setUp() before it measures.
public class ResolveBenchmark {
  /** How many tenants the directory holds. */
  @Param({"1000", "10000", "1000000"})
  public int tenants;

  /** Which of them are asked for. */
  @Param({"WORKING_SET", "UNIFORM"})
  public Access access = Access.UNIFORM;

  private Platform platform;
  private TenantResolver resolver;
  private Exchange exchange;
  private HostSource hosts;

  /** Fills the directory and catches one real request. */
  @Setup
  public void setUp() {
    platform = new Platform(tenants);
    resolver =
        new TenantResolver(
            ResolveConfig.DEFAULT,
            Platform.BASE_DOMAIN,
            Optional.empty(),
            platform.directory(),
            new Entrance(AddressRules.NONE, ResidencyConfig.DEFAULT));
    HttpServerRequest request = aRequest();
    ClientAddresses clients = new ClientAddresses(ProxyConfig.DEFAULT, false);
    exchange = new Exchange(request, clients.of(request), false, _ -> {});
    hosts = new HostSource(access.turns(tenants));
  }

  /** Stops the server that caught the request. */
  @TearDown
  public void tearDown() {
    platform.close();
  }

  /** One request's tenant. */
  @Benchmark
  public Resolved resolve() {
    return resolver.resolve(new Sanitized(exchange, hosts.next(), "/", 1, 0));
  }

  /** What the benchmark itself costs: to bring a host, and to read it once. */
  @Benchmark
  public int bringHost() {
    return new Sanitized(exchange, hosts.next(), "/", 1, 0).host().hashCode();
  }

  private HttpServerRequest aRequest() {
    Promise<HttpServerRequest> caught = Promise.promise();
    HttpServer server =
        platform
            .vertx()
            .createHttpServer()
            .requestHandler(caught::tryComplete)
            .listen(0, "127.0.0.1")
            .await();
    platform
        .vertx()
        .createHttpClient()
        .request(HttpMethod.GET, server.actualPort(), "127.0.0.1", "/")
        .await()
        .send();
    return caught.future().await();
  }
}
