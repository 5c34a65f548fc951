package dev.gatehouse.gateway.drain;

import dev.gatehouse.gateway.directory.Tenant;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * Who is leaving: the whole gateway, or some of its tenants. Shared by all threads. A request that
 * meets nobody leaving costs two reads of memory.
 */
public final class Drain {
  private static final int NO_ERROR = 0;

  /** Whoever drains sets the bound; a response that has just begun must not be cut by another. */
  private static final int NO_BOUND_DAYS = 7;

  private final Duration atMost;
  private final List<Part> parts = new CopyOnWriteArrayList<>();
  private volatile boolean draining;
  private volatile boolean leaving;
  private volatile Map<UUID, Long> tenantsUntilNanos = Map.of();

  public Drain(DrainConfig config) {
    this.atMost = config.atMost();
  }

  /** Adds an event loop's share of the gateway, to be told. */
  public void add(Part part) {
    parts.add(part);
  }

  /** Whether the gateway is on its way out, and says so to whoever asks if it is ready. */
  public boolean isDraining() {
    return draining;
  }

  /** The gateway is on its way out. Requests are served as ever. */
  public void begin() {
    draining = true;
  }

  /** From now on every client is asked to go elsewhere with its next request. */
  public void leave() {
    leaving = true;
    parts.forEach(Part::leave);
  }

  /**
   * A tenant's clients are asked to go elsewhere, its WebSockets are closed, and what is under way
   * of it now is broken off when the bound is reached. Done when every event loop knows.
   */
  public Future<?> leave(UUID tenant) {
    long now = System.nanoTime();
    Map<UUID, Long> next = new HashMap<>(tenantsUntilNanos);
    next.values().removeIf(until -> until - now < 0);
    next.put(tenant, now + atMost.toNanos());
    tenantsUntilNanos = Map.copyOf(next);
    return Future.join(parts.stream().map(part -> part.leave(tenant, atMost)).toList());
  }

  /** Whether all clients are asked to go elsewhere. */
  public boolean isLeaving() {
    return leaving;
  }

  /** Whether a tenant's clients are asked to go elsewhere. */
  public boolean isLeaving(Tenant tenant) {
    Map<UUID, Long> tenants = tenantsUntilNanos;
    if (tenants.isEmpty()) {
      return false;
    }
    Long until = tenants.get(tenant.edge().id());
    return until != null && System.nanoTime() - until < 0;
  }

  /**
   * Asks the client of a request to go elsewhere with its next one: {@code Connection: close} and
   * the end of the connection behind this response over HTTP/1; over HTTP/2 a GOAWAY that refuses
   * no stream (RFC 9113 section 6.8). A response that has begun cannot say it.
   */
  public void sendAway(HttpServerRequest request) {
    if (request.version() == HttpVersion.HTTP_2) {
      request.connection().goAway(NO_ERROR, Integer.MAX_VALUE);
    } else if (!request.response().headWritten()) {
      request.response().headers().set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      request.connection().shutdown(NO_BOUND_DAYS, TimeUnit.DAYS);
    }
  }

  /** An event loop's share of the gateway. Called by any thread. */
  public interface Part {
    /** What is under way tells its client to go elsewhere next. */
    void leave();

    /**
     * The same for one tenant; done when what is under way has been told.
     *
     * @param atMost when what is under way now is broken off
     */
    Future<?> leave(UUID tenant, Duration atMost);
  }
}
