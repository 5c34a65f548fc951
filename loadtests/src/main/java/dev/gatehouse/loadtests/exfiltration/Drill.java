package dev.gatehouse.loadtests.exfiltration;

import dev.gatehouse.contract.edge.EdgeApiKey;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EgressBudget.Action;
import dev.gatehouse.contract.security.SecurityEvent;
import dev.gatehouse.contract.security.SecurityReport;
import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.gateway.Gateway;
import dev.gatehouse.gateway.GatewayConfig;
import dev.gatehouse.gateway.GatewayConfig.AdminConfig;
import dev.gatehouse.gateway.GatewayConfig.ListenConfig;
import dev.gatehouse.gateway.directory.FeedConfig;
import dev.gatehouse.gateway.observe.ObserveConfig;
import dev.gatehouse.gateway.security.SecurityConfig;
import dev.gatehouse.loadtests.tenants.SyntheticFeed;
import dev.gatehouse.loadtests.tenants.SyntheticTenants;
import dev.gatehouse.loadtests.transfer.BulkServer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Callers of many tenants behind a gateway, with real sockets on both sides of it. */
final class Drill implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int CONNECTIONS = 64;
  private static final int WARM_UP = 2000;

  private final Plan plan;
  private final List<Caller> callers;
  private final List<SecretToken> keys;
  private final BulkServer upstream;
  private final SyntheticFeed feed;
  private final Gateway gateway;
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client;
  private final SplittableRandom random;
  private final Loot taken = new Loot();
  private final LongAdder under = new LongAdder();
  private final LongAdder failed = new LongAdder();

  private Drill(Plan plan, long seed) throws Exception {
    this.plan = plan;
    this.random = new SplittableRandom(seed);
    this.callers =
        IntStream.range(0, plan.callers()).mapToObj(i -> Caller.of(plan, i, random)).toList();
    this.keys = callers.stream().map(_ -> SecretToken.generate(SecretToken.Kind.API_KEY)).toList();
    this.upstream = BulkServer.start();
    this.feed =
        SyntheticFeed.start(new SyntheticTenants(plan.tenants()), upstream.port(), objects());
    this.gateway = Gateway.start(config());
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(CONNECTIONS));
  }

  /** Starts a gateway, its upstream and its feed. */
  static Drill start(Plan plan, long seed) throws Exception {
    Drill drill = new Drill(plan, seed);
    drill.gateway.awaitReady(PATIENCE);
    return drill;
  }

  private List<EdgeObject> objects() {
    Stream<EdgeObject> attacked =
        callers.stream()
            .filter(caller -> caller.attack().isPresent())
            .map(caller ->
                SyntheticTenants.tenant(caller.tenant()).with(caller.attack().get().budget()));
    Stream<EdgeObject> credentials = callers.stream().map(this::keyOf);
    return Stream.concat(attacked, credentials).toList();
  }

  private EdgeApiKey keyOf(Caller caller) {
    SecretToken key = keys.get(caller.number());
    return new EdgeApiKey(
        key.id(),
        SyntheticTenants.id(caller.tenant()),
        HexFormat.of().formatHex(key.hash()),
        "caller-" + caller.number(),
        Set.of("member"),
        Optional.empty());
  }

  private GatewayConfig config() {
    GatewayConfig defaults =
        GatewayConfig.of(
            new Hostname(SyntheticTenants.BASE_DOMAIN),
            new FeedConfig(
                URI.create(feed.url()), SecretToken.generate(SecretToken.Kind.GATEWAY).reveal()));
    SecurityConfig security = SecurityConfig.DEFAULT;
    return defaults
        .copy()
        .name(Optional.of("drill"))
        .http(new ListenConfig("127.0.0.1", 0))
        .https(Optional.empty())
        .admin(new AdminConfig("127.0.0.1", 0))
        .redis(Optional.empty())
        .snapshot(Optional.empty())
        .eventLoops(Optional.of(2))
        .observe(new ObserveConfig(false))
        .security(
            new SecurityConfig(
                    plan.window(),
                    security.maxSources(),
                    security.maxPending(),
                    security.probingFrom(),
                    security.probing())
                .with(plan.exfiltration()))
        .build();
  }

  /**
   * Lets all days pass.
   *
   * @throws IOException if a request was neither answered nor refused
   */
  Outcome run() throws IOException, InterruptedException {
    warmUp();
    long late = 0;
    long start = System.nanoTime();
    Instant startedAt = Instant.now();
    for (int window = 0; window < plan.windows(); window++) {
      if (window % plan.windowsPerDay() == 0) {
        System.err.printf("day %d%n", window / plan.windowsPerDay() + 1);
      }
      long begin = start + window * plan.window().toNanos();
      for (Fetch fetch : Fetch.of(callers, window, plan, begin, random)) {
        LockSupport.parkNanos(fetch.atNanos() - System.nanoTime());
        late = Math.max(late, System.nanoTime() - fetch.atNanos());
        send(fetch);
      }
    }
    awaitAll();
    gateway.close();
    if (failed.sum() > 0) {
      throw new IOException(failed.sum() + " requests were neither answered nor refused");
    }
    List<SecurityEvent> events =
        feed.takeReports().stream().map(SecurityReport::events).flatMap(List::stream).toList();
    return new Outcome(plan, callers, keys, startedAt, Duration.ofNanos(late), events, taken.all());
  }

  /** Asks for little, until what is measured has been loaded and compiled. */
  private void warmUp() throws IOException, InterruptedException {
    for (int i = 0; i < WARM_UP; i++) {
      send(new Fetch(callers.get(i % callers.size()), 1, 0));
      if (i % CONNECTIONS == 0) {
        awaitAll();
      }
    }
    awaitAll();
  }

  private void send(Fetch fetch) {
    under.increment();
    client
        .request(
            new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost("127.0.0.1")
                .setPort(gateway.httpPort())
                .setURI("/" + fetch.bytes())
                .putHeader("Host", SyntheticTenants.host(fetch.caller().tenant()))
                .putHeader("X-API-Key", keys.get(fetch.caller().number()).reveal()))
        .compose(request -> request.send())
        .compose(response ->
            response.body().map(body -> answered(fetch, response.statusCode(), body.length())))
        .onComplete(done -> {
          // A response that was broken off has failed, as it should.
          if (done.failed() && !mayBeCutOff(fetch.caller())) {
            failed.increment();
          }
          under.decrement();
        });
  }

  private boolean mayBeCutOff(Caller caller) {
    return callers.stream()
        .filter(other -> other.tenant() == caller.tenant())
        .anyMatch(other ->
            other.attack().filter(attack -> attack.action() == Action.CUT_OFF).isPresent());
  }

  private boolean answered(Fetch fetch, int status, int bytes) {
    if (status == 200 && fetch.caller().attack().isPresent()) {
      taken.add(new Outcome.Taken(fetch.caller(), Instant.now(), bytes));
    } else if (status != 200 && status != 429) {
      failed.increment();
    }
    return true;
  }

  private void awaitAll() throws InterruptedException, IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (under.sum() > 0) {
      if (System.nanoTime() > end) {
        throw new IOException(under.sum() + " requests were not answered");
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  /** What attackers have got. */
  private static final class Loot {
    private final List<Outcome.Taken> all = new ArrayList<>();

    synchronized void add(Outcome.Taken one) {
      all.add(one);
    }

    synchronized List<Outcome.Taken> all() {
      return List.copyOf(all);
    }
  }

  @Override
  public void close() {
    gateway.close();
    vertx.close().await();
    feed.close();
    upstream.close();
  }
}
