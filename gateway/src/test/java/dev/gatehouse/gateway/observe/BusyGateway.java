package dev.gatehouse.gateway.observe;

import dev.gatehouse.backends.EmbeddedRedis;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.FeedCodec;
import dev.gatehouse.gateway.Eventually;
import dev.gatehouse.gateway.GatewayConfig;
import dev.gatehouse.gateway.Platform;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient;
import dev.gatehouse.gateway.observe.tail.TailConfig;
import dev.gatehouse.gateway.observe.trace.TracingConfig;
import dev.gatehouse.gateway.residency.Elsewhere;
import dev.gatehouse.gateway.residency.ResidencyConfig;
import dev.gatehouse.gateway.usage.UsageConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A gateway with everything that it can have, of which all is asked once that has metrics. */
final class BusyGateway implements AutoCloseable {
  private final EmbeddedRedis redis;
  private final Platform platform;

  BusyGateway(Path folder) throws Exception {
    redis = EmbeddedRedis.start(folder, 0);
    platform = Platform.withTls(c -> adapt(Platform.withRedis(c, redis.url()), folder));
  }

  private static GatewayConfig adapt(GatewayConfig c, Path folder) {
    MetricsConfig metrics = new MetricsConfig(200, 5, Set.of(), Duration.ofMillis(100));
    ObserveConfig observe =
        new ObserveConfig(
            true, false, metrics, TracingConfig.DEFAULT, Optional.empty(), TailConfig.DEFAULT);
    UsageConfig usage =
        new UsageConfig(Optional.empty(), Duration.ofMillis(100), 1 << 20, Duration.ofHours(1));
    ResidencyConfig passesOn =
        new ResidencyConfig(
            Optional.empty(), Elsewhere.FORWARD, Map.of("eu", URI.create("http://127.0.0.1:1")));
    return c.copy()
        .snapshot(Optional.of(new GatewayConfig.SnapshotConfig(folder.resolve("snapshot"))))
        .observe(observe)
        .residency(passesOn)
        .usage(usage)
        .build();
  }

  /** What it exports when it has done all of it. */
  Scrape scrape() throws Exception {
    String half =
        platform.route(
            EdgeService.of(
                "half",
                List.of(
                    new EdgeService.Endpoint("127.0.0.1", 1),
                    new EdgeService.Endpoint("127.0.0.1", platform.upstream.port()))));
    platform.route(watched());
    TestTenant tenant = platform.tenant();
    String host = "Host: " + tenant.host();
    String key = "X-API-Key: " + tenant.key().reveal();
    int port = platform.gateway.httpPort();
    RawClient.send(port, "GET / HTTP/1.1", host);
    RawClient.send(port, "GET / HTTP/1.1", host, key);
    // What the meters of the JVM hear of a collection, they hear on a thread of its own.
    System.gc();
    Eventually.holds(() -> {
      RawClient.send(port, "GET " + half + " HTTP/1.1", host, key);
      String metrics = platform.metrics();
      return metrics.contains("gatehouse_requests_retried_total")
          && metrics.contains("gatehouse_upstream_health_checks_total")
          && metrics.contains("gatehouse_limit_sync_seconds_count")
          && metrics.contains("jvm_gc_pause_seconds_count")
          && metrics.contains("tenant=\"" + tenant.edge().slug() + "\"");
    });
    return Scrape.of(platform.metrics());
  }

  private static EdgeService watched() throws Exception {
    return (EdgeService)
        FeedCodec.decodeObject(
            EdgeObject.Kind.SERVICE,
            """
            {"name":"watched","endpoints":[{"host":"127.0.0.1","port":1,"tls":false}],
             "healthCheck":{"type":"http","path":"/","interval":"PT0.1S"}}
            """);
  }

  @Override
  public void close() throws IOException {
    platform.close();
    redis.close();
  }
}
