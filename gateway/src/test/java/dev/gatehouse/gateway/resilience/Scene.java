package dev.gatehouse.gateway.resilience;

import dev.gatehouse.contract.edge.EdgeBounds;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.contract.edge.FeedCodec;
import dev.gatehouse.contract.edge.MalformedFeedException;
import dev.gatehouse.contract.tenant.Region;
import dev.gatehouse.gateway.Platform;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient;
import dev.gatehouse.gateway.RawClient.Response;
import dev.gatehouse.gateway.forward.ForwardConfig;
import dev.gatehouse.gateway.residency.ResidencyConfig;
import dev.gatehouse.gateway.upstream.UpstreamConfig;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A gateway on one event loop, so that turns and budgets can be counted, with a tenant. JSON is
 * written with single quotes.
 */
final class Scene implements AutoCloseable {
  /** A busy machine is no reason for a connection to fail. */
  private static final ForwardConfig PATIENT =
      new ForwardConfig(
          Duration.ofSeconds(30),
          ForwardConfig.DEFAULT.responseTimeout(),
          ForwardConfig.DEFAULT.maxInFlight(),
          ForwardConfig.DEFAULT.connectionsPerEndpoint(),
          ForwardConfig.DEFAULT.maxWaiting(),
          ForwardConfig.DEFAULT.maxTunnels(),
          ForwardConfig.DEFAULT.http2Connections(),
          ForwardConfig.DEFAULT.clientIdle(),
          ForwardConfig.DEFAULT.streamIdle(),
          ForwardConfig.DEFAULT.webSocketIdle(),
          ForwardConfig.DEFAULT.keepAlive());

  final Platform platform;
  final TestTenant tenant;

  Scene() throws Exception {
    this(UpstreamConfig.DEFAULT);
  }

  Scene(UpstreamConfig upstream) throws Exception {
    this(upstream, 1);
  }

  Scene(UpstreamConfig upstream, int eventLoops) throws Exception {
    this(upstream, eventLoops, ResidencyConfig.DEFAULT);
  }

  Scene(UpstreamConfig upstream, int eventLoops, ResidencyConfig residency) throws Exception {
    platform =
        new Platform(config ->
            Platform.with(Platform.with(config, upstream, eventLoops), PATIENT).with(residency));
    tenant = platform.tenant();
  }

  /** A new service behind a path of its own, known to the gateway on return. */
  String service(String settings, Backend... backends) throws Exception {
    return service("s-" + UUID.randomUUID(), settings, backends);
  }

  /** The same with a name; gives the path, which is the name. */
  String service(String name, String settings, Backend... backends) throws Exception {
    String endpoints =
        Arrays.stream(backends)
            .map(backend -> endpoint(backend.port(), ""))
            .collect(Collectors.joining(","));
    return serviceAt(name, "[" + endpoints + "]", settings);
  }

  /** The same at endpoints that are given as JSON. */
  String serviceAt(String name, String endpoints, String settings) throws Exception {
    put(
        EdgeObject.Kind.SERVICE,
        "{'name':'%s','endpoints':%s%s}".formatted(name, endpoints, settings));
    route(name, "'service':'" + name + "'");
    return "/" + name;
  }

  /** A route for everything below a path. */
  void route(String path, String members) throws Exception {
    put(
        EdgeObject.Kind.ROUTE,
        "{'id':'%s','hosts':'any','pathPrefix':'/%s',%s}"
            .formatted(UUID.randomUUID(), path, members));
  }

  /** An endpoint on this machine; more members come after a comma. */
  static String endpoint(int port, String members) {
    return "{'host':'127.0.0.1','port':%d,'tls':false%s}".formatted(port, members);
  }

  /** Puts an object and waits until the gateway has it. */
  void put(EdgeObject.Kind kind, String json) throws Exception {
    platform.feed.awaitApplied(platform.feed.put(decode(kind, json)));
  }

  static EdgeObject decode(EdgeObject.Kind kind, String json) throws MalformedFeedException {
    return FeedCodec.decodeObject(kind, json.replace('\'', '"'));
  }

  /** A tenant that is bound to a region, with overrides of services. */
  TestTenant boundTo(String region, String services) throws Exception {
    TestTenant free = tenantWith(services);
    EdgeTenant bound = free.edge().with(EdgeBounds.to(new Region(region)));
    platform.feed.awaitApplied(platform.feed.put(bound));
    return new TestTenant(bound, free.key());
  }

  /** A tenant with overrides of services. */
  TestTenant tenantWith(String services) throws Exception {
    TestTenant plain = platform.tenant();
    JsonObject edge = new JsonObject(FeedCodec.encodeObject(plain.edge()));
    edge.put("services", new JsonObject(services.replace('\'', '"')));
    EdgeTenant changed = (EdgeTenant) FeedCodec.decodeObject(EdgeObject.Kind.TENANT, edge.encode());
    platform.feed.awaitApplied(platform.feed.put(changed));
    return new TestTenant(changed, plain.key());
  }

  Response get(String path, String... headers) throws IOException {
    return send(tenant, "GET " + path, headers);
  }

  /** Sends one request on a connection of its own. */
  Response send(TestTenant as, String request, String... headers) throws IOException {
    return RawClient.send(
        platform.gateway.httpPort(),
        Stream.concat(Stream.of(request + " HTTP/1.1"), headersOf(as, headers))
            .toArray(String[]::new));
  }

  /** The lines of a request without a body, ready to be written. */
  String lines(String request, String... headers) {
    return Stream.concat(Stream.of(request + " HTTP/1.1"), headersOf(tenant, headers))
        .collect(Collectors.joining("\r\n", "", "\r\n\r\n"));
  }

  private static Stream<String> headersOf(TestTenant as, String... headers) {
    return Stream.concat(
        Stream.of("Host: " + as.host(), "X-API-Key: " + as.key().reveal()), Arrays.stream(headers));
  }

  RawClient connect() throws IOException {
    return new RawClient(platform.gateway.httpPort());
  }

  /** Runs something that blocks beside the test. */
  static <T> CompletableFuture<T> beside(Callable<T> action) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            result.complete(action.call());
          } catch (Exception e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }

  /** What the admin port says. */
  Response admin(String path) throws IOException {
    return RawClient.send(
        platform.gateway.adminPort(), "GET " + path + " HTTP/1.1", "Host: localhost");
  }

  /** A breaker of a service as the admin port shows it; of a tenant where its id is given. */
  JsonObject breaker(String service, String tenantId) throws IOException {
    return new JsonArray(admin("/breakers").body())
        .stream()
            .map(JsonObject.class::cast)
            .filter(one -> one.getString("service").equals(service))
            .filter(one -> one.getString("tenant", "").equals(tenantId))
            .findFirst()
            .orElseGet(JsonObject::new);
  }

  @Override
  public void close() {
    platform.close();
  }
}
