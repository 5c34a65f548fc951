package dev.gatehouse.loadtests.bench;

import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgeRoute;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EdgeService.Endpoint;
import dev.gatehouse.contract.edge.FeedCodec;
import dev.gatehouse.contract.edge.FeedMessage;
import dev.gatehouse.contract.edge.MalformedFeedException;
import dev.gatehouse.gateway.directory.LiveDirectory;
import dev.gatehouse.loadtests.tenants.SyntheticTenants;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** From the lines of the feed to a directory that decides by them. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls setUp() before it measures.
public class FeedBenchmark {
  private static final int TENANTS = 10_000;
  private static final int ROUTES = 1000;
  private static final int SERVICES = 10;

  private Platform platform;
  private List<byte[]> snapshot;
  private List<byte[]> changes;

  /** Encodes the lines. */
  @Setup
  public void setUp() {
    platform = new Platform(0);
    List<EdgeObject> services = new ArrayList<>();
    for (int i = 0; i < SERVICES; i++) {
      services.add(EdgeService.of("app-" + i, List.of(new Endpoint("127.0.0.1", 1))));
    }
    List<EdgeObject> routes = new ArrayList<>();
    for (int i = 0; i < ROUTES; i++) {
      String path = "/area-" + i % 32 + "/app-" + i;
      routes.add(EdgeRoute.toService(UUID.randomUUID(), path, "app-" + i % SERVICES));
    }
    snapshot = new ArrayList<>();
    snapshot.add(line(new FeedMessage.SnapshotBegin(1)));
    services.forEach(service -> snapshot.add(line(new FeedMessage.Upsert(1, service))));
    routes.forEach(route -> snapshot.add(line(new FeedMessage.Upsert(1, route))));
    for (int i = 0; i < TENANTS; i++) {
      snapshot.add(line(new FeedMessage.Upsert(1, SyntheticTenants.tenant(i))));
    }
    snapshot.add(line(new FeedMessage.SnapshotEnd(1)));
    changes = new ArrayList<>();
    routes.forEach(route -> changes.add(line(new FeedMessage.Upsert(2, route))));
    changes.add(line(new FeedMessage.Heartbeat(2)));
  }

  /** Ends what the platform runs. */
  @TearDown
  public void tearDown() {
    platform.close();
  }

  /** 10,000 tenants, 1,000 routes and 10 services at once. */
  @Benchmark
  public LiveDirectory snapshot() throws MalformedFeedException {
    return apply(snapshot);
  }

  /** Every one of 1,000 routes changes, with no tenant there. */
  @Benchmark
  public LiveDirectory changesOfRoutes() throws MalformedFeedException {
    return apply(changes);
  }

  private LiveDirectory apply(List<byte[]> lines) throws MalformedFeedException {
    for (byte[] line : lines) {
      platform.directory().apply(FeedCodec.decode(line));
    }
    return platform.directory();
  }

  private static byte[] line(FeedMessage message) {
    return FeedCodec.encode(message).getBytes(StandardCharsets.UTF_8);
  }
}
