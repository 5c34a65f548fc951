package dev.gatehouse.gateway.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgeRoute;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.contract.edge.FeedMessage;
import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.gateway.limit.LimitConfig;
import dev.gatehouse.gateway.limit.RateLimiter;
import dev.gatehouse.gateway.route.RoutingTable;
import dev.gatehouse.gateway.route.TestHead;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When changes of services and routes hold: together, and the table is made once for all. */
@Timeout(30)
class LiveDirectoryTest {
  private final Vertx vertx = Vertx.vertx();
  private final KnownServices known = new KnownServices();
  private final LiveDirectory directory =
      new LiveDirectory(
          new Hostname("example.test"),
          RateLimiter.start(vertx, Optional.empty(), LimitConfig.DEFAULT, new SimpleMeterRegistry())
              .await(),
          known);

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  private void upsert(EdgeObject object) {
    directory.apply(new FeedMessage.Upsert(2, object));
  }

  private static EdgeService service(String name) {
    return EdgeService.of(name, List.of(new EdgeService.Endpoint("127.0.0.1", 1)));
  }

  private RoutingTable table() {
    return directory.current().routingTable();
  }

  private int routesOf(String path) {
    return table().candidates(TestHead.get(path).sanitized()).size();
  }

  @Test
  void aBatchOfRoutesIsCompiledOnceAtTheHeartbeatThatEndsIt() {
    directory.apply(new FeedMessage.SnapshotBegin(1));
    directory.apply(new FeedMessage.SnapshotEnd(1));
    RoutingTable before = table();
    upsert(service("app"));
    for (int i = 0; i < 100; i++) {
      upsert(EdgeRoute.toService(UUID.randomUUID(), "/a" + i, "app"));
      assertThat(table()).isSameAs(before);
    }

    directory.apply(new FeedMessage.Heartbeat(2));

    RoutingTable after = table();
    assertThat(routesOf("/a0")).isEqualTo(1);
    assertThat(routesOf("/a99")).isEqualTo(1);
    directory.apply(new FeedMessage.Heartbeat(2));
    assertThat(table()).as("nothing has changed since").isSameAs(after);
  }

  @Test
  void aSnapshotsRoutesHoldFromItsEnd() {
    directory.apply(new FeedMessage.SnapshotBegin(1));
    upsert(EdgeRoute.toService(UUID.randomUUID(), "/", "app"));
    upsert(service("app"));
    assertThat(routesOf("/")).isZero();

    directory.apply(new FeedMessage.SnapshotEnd(1));

    assertThat(routesOf("/")).isEqualTo(1);
  }

  @Test
  void aServiceIsGivenUpOnceNoRouteLeadsThere() {
    upsert(service("app"));
    upsert(service("other"));
    upsert(EdgeRoute.toService(UUID.randomUUID(), "/", "app"));
    directory.apply(new FeedMessage.Heartbeat(2));
    directory.apply(new FeedMessage.Remove(3, EdgeObject.Kind.SERVICE, "app"));
    assertThat(routesOf("/")).isEqualTo(1);
    assertThat(known.names).contains("app");

    directory.apply(new FeedMessage.Heartbeat(3));

    assertThat(routesOf("/")).isZero();
    assertThat(known.names).containsExactly("other");
  }

  /** The names of the services that it was told of. */
  private static final class KnownServices implements ServiceListener {
    private final List<String> names = new ArrayList<>();

    @Override
    public void apply(EdgeService service) {
      names.add(service.name());
    }

    @Override
    public void retainOnly(Collection<EdgeService> services) {
      names.retainAll(services.stream().map(EdgeService::name).collect(Collectors.toSet()));
    }

    @Override
    public void tenantChanged(EdgeTenant tenant, long revision) {}

    @Override
    public void tenantGone(UUID tenant) {}
  }
}
