package dev.gatehouse.loadtests.bench;

import dev.gatehouse.contract.edge.EdgeRoute;
import dev.gatehouse.contract.edge.EdgeRoute.HostClass;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EdgeService.Endpoint;
import dev.gatehouse.gateway.Exchange;
import dev.gatehouse.gateway.admit.Sanitized;
import dev.gatehouse.gateway.client.ClientAddresses;
import dev.gatehouse.gateway.client.ProxyConfig;
import dev.gatehouse.gateway.route.Route;
import dev.gatehouse.gateway.route.RoutingTable;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
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

/** From a path to its route. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls setUp() before it measures.
public class RouteBenchmark {
  /** How many routes with a prefix of two segments there are, besides the one for everything. */
  @Param({"0", "10", "1000"})
  public int routes;

  private Vertx vertx;
  private RoutingTable table;
  private Sanitized[] requests;
  private int turn;

  /** Fills the table and catches one real request. */
  @Setup
  public void setUp() {
    vertx = Vertx.vertx();
    List<EdgeRoute> all = new ArrayList<>();
    all.add(EdgeRoute.toService(UUID.randomUUID(), "/", "app"));
    for (int i = 0; i < routes; i++) {
      all.add(EdgeRoute.toService(UUID.randomUUID(), "/area-" + i % 32 + "/app-" + i, "app"));
    }
    table =
        RoutingTable.of(
            all, Map.of("app", EdgeService.of("app", List.of(new Endpoint("127.0.0.1", 1)))));
    HttpServerRequest request = aRequest();
    ClientAddresses clients = new ClientAddresses(ProxyConfig.DEFAULT, false);
    Exchange exchange = new Exchange(request, clients.of(request), false, _ -> {});
    requests = new Sanitized[1024];
    for (int i = 0; i < requests.length; i++) {
      String path = "/area-" + i % 32 + "/app-" + i + "/orders/4711";
      requests[i] = new Sanitized(exchange, "a.example", path + "?page=2", path.length(), 0);
    }
  }

  /** Stops the server that caught the request. */
  @TearDown
  public void tearDown() {
    vertx.close().await();
  }

  /** One request's route. */
  @Benchmark
  public Route match() {
    return Objects.requireNonNull(
        table.match(HostClass.SUBDOMAIN, requests[turn++ & (requests.length - 1)]));
  }

  private HttpServerRequest aRequest() {
    Promise<HttpServerRequest> caught = Promise.promise();
    HttpServer server =
        vertx.createHttpServer().requestHandler(caught::tryComplete).listen(0, "127.0.0.1").await();
    vertx
        .createHttpClient()
        .request(HttpMethod.GET, server.actualPort(), "127.0.0.1", "/")
        .await()
        .send();
    return caught.future().await();
  }
}
