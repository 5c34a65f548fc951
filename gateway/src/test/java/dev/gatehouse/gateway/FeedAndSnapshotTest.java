package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.tenant.TenantStatus;
import dev.gatehouse.gateway.GatewayConfig.SnapshotConfig;
import dev.gatehouse.gateway.Platform.TestTenant;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The gateway goes on with what it knows, whatever becomes of the control plane. */
@Timeout(60)
class FeedAndSnapshotTest {
  @TempDir private Path folder;

  private static int statusOf(Gateway gateway, TestTenant tenant) throws Exception {
    return RawClient.send(
            gateway.httpPort(),
            "GET / HTTP/1.1",
            "Host: " + tenant.host(),
            "X-API-Key: " + tenant.key().reveal())
        .status();
  }

  private UnaryOperator<GatewayConfig> withSnapshot() {
    Path file = folder.resolve("gateway.snapshot");
    return c -> c.copy().snapshot(Optional.of(new SnapshotConfig(file))).build();
  }

  @Test
  void resumesWhereItWasCutOff() throws Exception {
    try (Platform platform = new Platform()) {
      TestTenant tenant = platform.tenant();
      platform.feed.cutConnections();

      platform.feed.awaitApplied(
          platform.feed.put(Platform.with(tenant.edge(), TenantStatus.SUSPENDED)));

      assertThat(statusOf(platform.gateway, tenant)).isEqualTo(403);
    }
  }

  @Test
  void skipsALineThatItCannotReadAndKeepsTheRest() throws Exception {
    try (Platform platform = new Platform()) {
      TestTenant tenant = platform.tenant();
      platform.feed.send("{\"type\":\"upsert\",\"revision\":5,\"kind\":\"tenant\",\"object\":{}}");
      platform.feed.send("not json");
      platform.feed.send(
          "{\"type\":\"upsert\",\"revision\":5,\"kind\":\"signing-key\",\"object\":{\"kid\":\"a\",\"jwk\":\"{}\",\"signsFrom\":\"2026-01-01T00:00:00Z\",\"publishedUntil\":\"2026-01-01T00:00:00Z\"}}");

      TestTenant later = platform.tenant();

      assertThat(statusOf(platform.gateway, tenant)).isEqualTo(200);
      assertThat(statusOf(platform.gateway, later)).isEqualTo(200);
      String metrics =
          RawClient.send(platform.gateway.adminPort(), "GET /metrics HTTP/1.1", "Host: a").body();
      assertThat(metrics).contains("gatehouse_feed_lines_refused_total 3.0");
    }
  }

  @Test
  void forgetsATenantThatWasRemoved() throws Exception {
    try (Platform platform = new Platform()) {
      TestTenant tenant = platform.tenant();

      platform.feed.awaitApplied(platform.feed.remove(EdgeObject.Kind.TENANT, tenant.edge().key()));

      assertThat(statusOf(platform.gateway, tenant)).isEqualTo(404);
    }
  }

  @Test
  void startsFromItsSnapshotWhileTheControlPlaneIsAway() throws Exception {
    Platform platform = new Platform(withSnapshot());
    TestTenant tenant = platform.tenant();
    GatewayConfig config = withSnapshot().apply(platform.config());
    platform.gateway.close();
    platform.feed.close();

    try (Gateway restarted = Gateway.start(config)) {
      restarted.awaitReady(Duration.ofSeconds(10));
      assertThat(statusOf(restarted, tenant)).isEqualTo(200);
    } finally {
      platform.upstream.close();
    }
  }

  @Test
  void refusesASnapshotThatWasAlteredOrTorn() throws Exception {
    Platform platform = new Platform(withSnapshot());
    TestTenant tenant = platform.tenant();
    GatewayConfig config = withSnapshot().apply(platform.config());
    platform.gateway.close();
    platform.feed.close();
    Path file = folder.resolve("gateway.snapshot");
    byte[] whole = Files.readAllBytes(file);
    assertThat(new String(whole, StandardCharsets.ISO_8859_1))
        .doesNotContain(tenant.edge().slug().value());

    for (int at : new int[] {0, whole.length / 2, whole.length - 1}) {
      byte[] altered = whole.clone();
      altered[at] ^= 1;
      assertNotReady(config, file, altered);
    }
    assertNotReady(config, file, Arrays.copyOf(whole, whole.length / 2));
    assertNotReady(config, file, new byte[0]);
    platform.upstream.close();
  }

  private static void assertNotReady(GatewayConfig config, Path file, byte[] content)
      throws Exception {
    Files.write(file, content);
    try (Gateway gateway = Gateway.start(config)) {
      assertThat(RawClient.send(gateway.adminPort(), "GET /readyz HTTP/1.1", "Host: a").status())
          .isEqualTo(503);
      assertThat(
              RawClient.send(gateway.httpPort(), "GET / HTTP/1.1", "Host: a.example.test").status())
          .isEqualTo(503);
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(content);
  }
}
