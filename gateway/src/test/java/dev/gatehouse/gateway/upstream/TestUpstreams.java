package dev.gatehouse.gateway.upstream;

import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.contract.edge.FeedCodec;
import dev.gatehouse.contract.edge.FeedMessage;
import dev.gatehouse.contract.edge.MalformedFeedException;
import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.gateway.directory.LiveDirectory;
import dev.gatehouse.gateway.directory.ServiceListener;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.limit.LimitConfig;
import dev.gatehouse.gateway.limit.RateLimiter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** Upstreams whose clock moves only when a test says so, on a background Vert.x of their own. */
final class TestUpstreams implements AutoCloseable {
  static final UpstreamConfig CONFIG = UpstreamConfig.DEFAULT;

  final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  final Upstreams upstreams;
  final LoopUpstreams loop;
  private final LiveDirectory directory;
  private final AtomicLong nanos = new AtomicLong(1_000_000_000_000L);

  TestUpstreams() {
    this(CONFIG, 1);
  }

  TestUpstreams(UpstreamConfig config, long seed) {
    upstreams = new Upstreams(vertx, config, metrics, nanos::get);
    loop = upstreams.newLoop(new SplittableRandom(seed));
    directory =
        new LiveDirectory(
            new Hostname("example.test"),
            RateLimiter.start(vertx, Optional.empty(), LimitConfig.DEFAULT, metrics).await(),
            ServiceListener.NONE);
  }

  static TestUpstreams inZone(String zone) {
    return new TestUpstreams(
        new UpstreamConfig(
            Optional.of(zone),
            CONFIG.dns(),
            CONFIG.trust(),
            CONFIG.maxHealthChecks(),
            CONFIG.maxSilos(),
            CONFIG.siloIdle()),
        1);
  }

  static TestUpstreams resolvingBy(UpstreamConfig.DnsConfig dns) {
    return new TestUpstreams(
        new UpstreamConfig(Optional.empty(), dns, Optional.empty(), 64, 10, Duration.ofMinutes(1)),
        1);
  }

  /** A service from JSON, with single quotes for double ones. */
  EdgeService service(String json) {
    EdgeService service = (EdgeService) decode(EdgeObject.Kind.SERVICE, json);
    upstreams.apply(service);
    return service;
  }

  /** Its choice for tenants without endpoints of their own. */
  LoopUpstream choiceOf(EdgeService service) {
    return loop.of(service, tenant("", 1));
  }

  /** A tenant with overrides in JSON, none if empty. */
  Tenant tenant(String services, long revision) {
    return tenant("0198c5a0-0000-7000-8000-000000000001", services, revision);
  }

  Tenant tenant(String id, String services, long revision) {
    String overrides = services.isEmpty() ? "" : ",'services':" + services;
    EdgeTenant edge =
        (EdgeTenant)
            decode(
                EdgeObject.Kind.TENANT,
                "{'id':'"
                    + id
                    + "','slug':'acme','status':'active','hosts':[],'authentication':['anonymous'],"
                    + "'limits':{}"
                    + overrides
                    + "}");
    directory.apply(new FeedMessage.Upsert(revision, edge));
    return directory.current().byId(edge.id()).orElseThrow();
  }

  /** A tenant as it is given. */
  Tenant tenant(EdgeTenant edge, long revision) {
    directory.apply(new FeedMessage.Upsert(revision, edge));
    return directory.current().byId(edge.id()).orElseThrow();
  }

  static EdgeObject decode(EdgeObject.Kind kind, String json) {
    try {
      return FeedCodec.decodeObject(kind, json.replace('\'', '"'));
    } catch (MalformedFeedException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
    upstreams.tick();
  }

  /** How often each target is chosen in so many choices, by address and port. */
  static Map<String, Integer> counts(LoopUpstream upstream, int choices) {
    Map<String, Integer> counts = new HashMap<>();
    for (int i = 0; i < choices; i++) {
      counts.merge(target(upstream, i).toString(), 1, Integer::sum);
    }
    return counts;
  }

  /** How often the target at a port is chosen in so many choices. */
  static int countAt(int port, LoopUpstream upstream, int choices) {
    return counts(upstream, choices).getOrDefault("127.0.0.1:" + port, 0);
  }

  static Target target(LoopUpstream upstream, long n) {
    return (Target) upstream.pick(HashKey.mix(n));
  }

  /** The target at a port, tried for as long as the others are. */
  static Target targetAt(LoopUpstream upstream, int port) {
    for (int i = 0; i < 1000; i++) {
      Target target = target(upstream, i);
      if (target.address().port() == port) {
        return target;
      }
    }
    throw new AssertionError("nothing at port " + port);
  }

  /** Fails so many attempts in a row. */
  static void fail(Target target, int attempts, Outcome outcome) {
    for (int i = 0; i < attempts; i++) {
      target.begun();
      target.ended(outcome);
    }
  }

  /** Every address of the shared endpoints of a service that is shown, by port and address. */
  JsonObject shown(String service, String address, int port) {
    for (JsonObject one : objects(upstreams.view().getJsonArray("services"))) {
      if (one.getString("service").equals(service)) {
        for (JsonObject endpoint : objects(one.getJsonArray("endpoints"))) {
          for (JsonObject shown : objects(endpoint.getJsonArray("addresses"))) {
            if (endpoint.getInteger("port") == port && shown.getString("address").equals(address)) {
              return shown;
            }
          }
        }
      }
    }
    return new JsonObject();
  }

  String stateAt(String service, int port) {
    return shown(service, "127.0.0.1", port).getString("state", "absent");
  }

  static List<JsonObject> objects(JsonArray array) {
    return array.stream().map(JsonObject.class::cast).toList();
  }

  /** Returns when it holds; the test's own time-out is the bound. */
  @SuppressWarnings("ThreadPriorityCheck") // A condition is waited for, in a test.
  static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.yield();
    }
  }

  @Override
  public void close() {
    upstreams.close().await();
    vertx.close().await();
  }
}
