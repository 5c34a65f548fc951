package dev.gatehouse.gateway.authenticate.remote;

import dev.gatehouse.egress.EgressClient;
import dev.gatehouse.egress.EgressClient.Call;
import dev.gatehouse.egress.EgressClient.Fetched;
import dev.gatehouse.egress.EgressPolicy;
import dev.gatehouse.gateway.authenticate.AuthenticateConfig;
import dev.gatehouse.gateway.bounds.Bound;
import dev.gatehouse.gateway.upstream.NameResolver;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Calls what tenants name: issuers, authorization servers, decision services. None may be a place
 * inside of the platform's network, and no tenant's may take the gateway's whole attention. Lives
 * beside the requests; any thread may call.
 */
public final class ProviderCalls {
  @Bound(
      of = "calls of one tenant's services at once",
      unit = "calls",
      atIt = "503",
      metric = "gatehouse_introspections_total{outcome=\"unavailable\"}")
  private static final int MAX_OF_ONE_TENANT = 64;

  @Bound(
      of = "such calls of all tenants at once",
      unit = "calls",
      atIt = "503",
      metric = "gatehouse_introspections_total{outcome=\"unavailable\"}")
  private static final int MAX_OF_TENANTS = 1024;

  private static final int MAX_AT_ONCE = 1280;
  private static final int CONNECTIONS_PER_ADDRESS = 32;
  private static final int MAX_NAMES = 20_000;
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final long NAME_HOLDS_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Vertx background;
  private final NameResolver names;
  private final EgressPolicy policy;
  private final EgressClient http;
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger ofTenants = new AtomicInteger();
  private final TenantCalls share = new TenantCalls(MAX_OF_ONE_TENANT);

  /** Of the background's one event loop. */
  private final Map<String, Found> found =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Found> eldest) {
          return size() > MAX_NAMES;
        }
      };

  /**
   * @param background where the calls are made; no requests should live there
   * @param names finds the addresses
   */
  public ProviderCalls(Vertx background, NameResolver names, AuthenticateConfig config) {
    this.background = background;
    this.names = names;
    this.policy = config.egressPolicy();
    this.http =
        EgressClient.forManyCalls(
            background, policy, "gatehouse-gateway", LONGEST, CONNECTIONS_PER_ADDRESS);
  }

  private record Found(List<String> addresses, long untilNanos) {}

  /** It is the gateway that has too much to do, and not who is called. */
  public static final class BusyException extends RuntimeException {
    private BusyException() {
      super("as many calls are under way as there may be", null, false, false);
    }
  }

  /** What a call fails with that there is no place for. */
  public static BusyException busy() {
    return new BusyException();
  }

  /** Fetches a URL on nobody's account. Fails as {@link #call} does. */
  public Future<Fetched> get(URI url, int maxBytes, Duration deadline) {
    return call(
        new Call(
            HttpMethod.GET,
            url,
            MultiMap.caseInsensitiveMultiMap(),
            Buffer.buffer(),
            maxBytes,
            deadline));
  }

  /**
   * Calls, within the tenant's share of {@value #MAX_OF_ONE_TENANT} calls at once, and all tenants'
   * of {@value #MAX_OF_TENANTS}: there is always a place for keys and discovery.
   *
   * @return fails with a reason in words, at the call's deadline at last, which is for the name,
   *     too; or with a {@link BusyException}
   */
  public Future<Fetched> callFor(UUID tenant, Call call) {
    if (ofTenants.incrementAndGet() > MAX_OF_TENANTS) {
      ofTenants.decrementAndGet();
      return Future.failedFuture(busy());
    }
    return share.within(tenant, () -> call(call)).onComplete(_ -> ofTenants.decrementAndGet());
  }

  /** The same on nobody's account. */
  public Future<Fetched> call(Call call) {
    if (underWay.incrementAndGet() > MAX_AT_ONCE) {
      underWay.decrementAndGet();
      return Future.failedFuture(busy());
    }
    Promise<Fetched> fetched = Promise.promise();
    background.runOnContext(_ ->
        Future.succeededFuture()
            .compose(_ -> addressesOf(call.url().getHost()))
            .compose(addresses -> http.call(allowed(call.url(), addresses), call))
            .timeout(call.deadline().toMillis(), TimeUnit.MILLISECONDS)
            .onComplete(fetched));
    return fetched.future().onComplete(_ -> underWay.decrementAndGet());
  }

  private Future<List<String>> addressesOf(String host) {
    Found known = found.get(host);
    if (known != null && known.untilNanos() - System.nanoTime() > 0) {
      return Future.succeededFuture(known.addresses());
    }
    Promise<List<String>> asked = Promise.promise();
    names
        .addressesOf(host)
        .onComplete((addresses, failure) ->
            background.runOnContext(_ -> {
              if (failure == null) {
                found.put(host, new Found(addresses, System.nanoTime() + NAME_HOLDS_NANOS));
              }
              asked.complete(addresses, failure);
            }));
    return asked.future();
  }

  /** The address that is checked here is the one that is connected to, whatever DNS says next. */
  private InetAddress allowed(URI url, List<String> addresses) {
    boolean tls = "https".equals(url.getScheme());
    return addresses.stream()
        .map(InetAddress::ofLiteral)
        .filter(address -> tls ? policy.allows(address) : policy.allowsExpressly(address))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                tls
                    ? "the host has no address of the public Internet"
                    : "http is for ranges that the operator allows; use https"));
  }
}
