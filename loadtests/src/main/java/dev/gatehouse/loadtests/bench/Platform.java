package dev.gatehouse.loadtests.bench;

import dev.gatehouse.contract.edge.FeedMessage;
import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.gateway.directory.LiveDirectory;
import dev.gatehouse.gateway.directory.ServiceListener;
import dev.gatehouse.gateway.limit.LimitConfig;
import dev.gatehouse.gateway.limit.RateLimiter;
import dev.gatehouse.loadtests.tenants.SyntheticTenants;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.util.Optional;

/** A gateway's directory full of invented tenants, with limits that hold at this gateway alone. */
public final class Platform implements AutoCloseable {
  static final Hostname BASE_DOMAIN = new Hostname(SyntheticTenants.BASE_DOMAIN);
  private static final long REVISION = 1;

  private final Vertx vertx = Vertx.vertx();
  private final LiveDirectory directory;

  /** Fills it; the tenants are those of {@link SyntheticTenants}. */
  public Platform(int tenants) {
    RateLimiter limiter =
        RateLimiter.start(vertx, Optional.empty(), LimitConfig.DEFAULT, new SimpleMeterRegistry())
            .await();
    directory = new LiveDirectory(BASE_DOMAIN, limiter, ServiceListener.NONE);
    directory.apply(new FeedMessage.SnapshotBegin(REVISION));
    for (int i = 0; i < tenants; i++) {
      directory.apply(new FeedMessage.Upsert(REVISION, SyntheticTenants.tenant(i)));
    }
    directory.apply(new FeedMessage.SnapshotEnd(REVISION));
  }

  Vertx vertx() {
    return vertx;
  }

  /** What a gateway would ask. */
  public LiveDirectory directory() {
    return directory;
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
