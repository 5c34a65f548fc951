package dev.gatehouse.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EdgeService.Endpoint;
import dev.gatehouse.gateway.GatewayConfig;
import dev.gatehouse.gateway.Platform;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient;
import dev.gatehouse.gateway.RawUpstream;
import dev.gatehouse.gateway.upstream.UpstreamConfig.DnsConfig;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Services whose endpoints are names, through a whole gateway. */
@Timeout(60)
class NamedUpstreamTest {
  private static final String NAME = "sockets.upstream.test";

  @AutoClose private final DnsServer dns = new DnsServer();

  /** That asks this DNS server, and for long. */
  private GatewayConfig config(GatewayConfig c) {
    UpstreamConfig defaults = UpstreamConfig.DEFAULT;
    UpstreamConfig upstream =
        new UpstreamConfig(
            defaults.zone(),
            new DnsConfig(
                Optional.of(dns.address()),
                Duration.ofSeconds(30),
                Duration.ofMillis(50),
                Duration.ofMillis(200)),
            defaults.trust(),
            defaults.maxHealthChecks(),
            defaults.maxSilos(),
            defaults.siloIdle());
    return Platform.with(c, upstream, 2);
  }

  @Test
  void aWebSocketWaitsForTheFirstAddressOfItsService() throws Exception {
    dns.put(NAME, 60, "127.0.0.1");
    Promise<Void> release = dns.holdBack();
    try (Platform platform = new Platform(this::config);
        RawUpstream upstream = new RawUpstream()) {
      TestTenant tenant = platform.tenant();
      String path =
          platform.route(EdgeService.of("named", List.of(new Endpoint(NAME, upstream.port()))));
      try (RawClient client = new RawClient(platform.gateway.httpPort())) {
        client.write(RawUpstream.handshake(tenant, path));
        awaitInFlight(platform);
        release.complete();
        try (Socket _ = upstream.accept(RawUpstream.AGREED)) {
          assertThat(client.readHead().status()).isEqualTo(101);
        }
      }
    }
  }

  private static void awaitInFlight(Platform platform) throws IOException {
    for (int attempt = 0; attempt < 1000; attempt++) {
      String metrics =
          RawClient.send(platform.gateway.adminPort(), "GET /metrics HTTP/1.1", "Host: localhost")
              .body();
      if (metrics.contains("gatehouse_forward_in_flight 1.0")) {
        return;
      }
    }
    throw new AssertionError("no request is in flight");
  }
}
