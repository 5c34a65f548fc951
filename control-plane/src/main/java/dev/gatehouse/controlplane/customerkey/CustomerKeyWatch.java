package dev.gatehouse.controlplane.customerkey;

import dev.gatehouse.controlplane.audit.AuditService;
import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.keyset.KeysetService;
import dev.gatehouse.controlplane.tenant.Tenant;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for all customers' keys again and again, in each instance, which needs them in its memory.
 * Who withholds a key is not served any more; who gives it again is. A service that does not answer
 * keeps nobody else's from being asked.
 */
public final class CustomerKeyWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CustomerKeyWatch.class);

  private static final int PAGE = 500;

  private static final Duration RENEW_EVERY = Duration.ofHours(1);

  /** Services that are asked at once. */
  private static final int AT_ONCE = 256;

  /** The same of those that did not answer the last time: they may take their time. */
  private static final int SLOW_AT_ONCE = 16;

  private final CustomerKeyService service;
  private final CustomerKeys keys;
  private final KeysetService keysets;
  private final Database database;
  private final AuditService audit;
  private final Duration askEvery;
  private final Duration holdFor;
  private final long startedNanos = System.nanoTime();
  private final Semaphore places = new Semaphore(AT_ONCE);
  private final Semaphore slowPlaces = new Semaphore(SLOW_AT_ONCE);
  private final Set<UUID> asked = ConcurrentHashMap.newKeySet();
  private final Map<UUID, Long> renewedNanos = new ConcurrentHashMap<>();
  private final Set<UUID> slow = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("customer-key-", 0).factory());

  private CustomerKeyWatch(
      CustomerKeyService service,
      CustomerKeys keys,
      KeysetService keysets,
      Database database,
      AuditService audit,
      Duration askEvery,
      Duration holdFor) {
    this.service = service;
    this.keys = keys;
    this.keysets = keysets;
    this.database = database;
    this.audit = audit;
    this.askEvery = askEvery;
    this.holdFor = holdFor;
  }

  /**
   * Starts to ask.
   *
   * @param askEvery how often
   * @param holdFor how long a service may be out of reach
   */
  public static CustomerKeyWatch start(
      CustomerKeyService service,
      CustomerKeys keys,
      KeysetService keysets,
      Database database,
      AuditService audit,
      Duration askEvery,
      Duration holdFor) {
    CustomerKeyWatch watch =
        new CustomerKeyWatch(service, keys, keysets, database, audit, askEvery, holdFor);
    watch.threads.execute(watch::askUntilClosed);
    return watch;
  }

  private void askUntilClosed() {
    while (!threads.isShutdown()) {
      try {
        askAll();
      } catch (RuntimeException e) {
        LOG.warn("the keys of customers cannot be asked for now: {}", e.getMessage());
      }
      try {
        TimeUnit.NANOSECONDS.sleep(askEvery.toNanos());
      } catch (InterruptedException _) {
        return;
      }
    }
  }

  /** Does not wait for answers. */
  private void askAll() {
    keys.letGo();
    Optional<UUID> last = Optional.empty();
    Set<UUID> there = new HashSet<>();
    List<CustomerKey> some;
    do {
      Optional<UUID> after = last;
      some = database.withConnection(connection -> service.after(connection, after, PAGE));
      for (CustomerKey row : some) {
        last = Optional.of(row.tenantId());
        there.add(row.tenantId());
        if (!keys.holdsOf(row.tenantId())) {
          keysets.close(row.tenantId());
        }
        if (asked.add(row.tenantId())) {
          threads.execute(() -> look(row));
        }
      }
    } while (some.size() == PAGE);
    boolean _ = slow.retainAll(there);
    boolean _ = renewedNanos.keySet().retainAll(there);
  }

  private void look(CustomerKey row) {
    Semaphore place = slow.contains(row.tenantId()) ? slowPlaces : places;
    try {
      place.acquire();
      try {
        WrappingKey _ = keys.ask(row);
        slow.remove(row.tenantId());
        given(row);
        renewed(row);
      } catch (KeyServiceException e) {
        notGiven(row, e);
      } finally {
        place.release();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.warn("the key of the tenant {} is not looked after", row.tenantId(), e);
    } finally {
      asked.remove(row.tenantId());
    }
  }

  /** Tokens with an end are made to last, often enough for those that last for some hours. */
  private void renewed(CustomerKey row) {
    long now = System.nanoTime();
    Long last = renewedNanos.get(row.tenantId());
    if (last == null || now - last > RENEW_EVERY.toNanos()) {
      renewedNanos.put(row.tenantId(), now);
      if (!keys.renew(row)) {
        LOG.debug("the token for the key of the tenant {} is not renewed", row.tenantId());
      }
    }
  }

  private void given(CustomerKey row) {
    if (row.withheldAt().isPresent()) {
      boolean _ = keys.takeMissed(row.tenantId());
      database.runInTransaction(tx ->
          service
              .giveBack(tx, row)
              .ifPresent(
                  tenant -> record(tx, tenant, "key-encryption-key.return", Optional.empty())));
      LOG.info("the tenant {} gives its key again, and is served", row.tenantId());
    } else if (keys.takeMissed(row.tenantId())) {
      database.runInTransaction(tx -> service.retell(tx, row));
    }
    if (row.unansweredFor().compareTo(askEvery.dividedBy(2)) > 0) { // else another instance did
      boolean _ =
          database.withConnection(connection -> {
            service.answered(connection, row);
            return true;
          });
    }
  }

  private void notGiven(CustomerKey row, KeyServiceException e) {
    slow.add(row.tenantId());
    boolean lately =
        row.unansweredFor().compareTo(holdFor) < 0
            || System.nanoTime() - startedNanos < holdFor.toNanos();
    if (e.isRefused() || !lately) {
      keysets.close(row.tenantId());
      if (row.withheldAt().isEmpty()) {
        withhold(row, String.valueOf(e.getMessage()));
      }
    }
  }

  private void withhold(CustomerKey row, String reason) {
    database.runInTransaction(tx ->
        service
            .withhold(tx, row, reason)
            .ifPresent(tenant -> {
              record(tx, tenant, "key-encryption-key.withhold", Optional.of(reason));
              LOG.warn(
                  "the tenant {} withholds its key, and is not served: {}", tenant.id(), reason);
            }));
  }

  private void record(SqlConnection tx, Tenant tenant, String action, Optional<String> reason) {
    audit.system(
        tx,
        tenant.id(),
        action,
        "/v1/tenants/" + tenant.id() + "/key-encryption-key",
        Optional.empty(),
        Optional.of(JsonObject.of("reason", reason.orElse("the key service gives it"))));
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
