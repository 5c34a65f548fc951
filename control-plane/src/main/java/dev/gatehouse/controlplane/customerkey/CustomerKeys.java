package dev.gatehouse.controlplane.customerkey;

import com.google.crypto.tink.Aead;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.dns.DnsClient;
import dev.gatehouse.controlplane.domain.DomainConfig;
import dev.gatehouse.controlplane.secret.MasterKey;
import dev.gatehouse.controlplane.secret.SealedSecret;
import dev.gatehouse.controlplane.secret.SecretColumn;
import dev.gatehouse.controlplane.secret.WrappingKeys;
import dev.gatehouse.egress.EgressClient;
import dev.gatehouse.egress.EgressPolicy;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The customers' keys that this instance was given, each for a bounded time: {@link
 * CustomerKeyWatch} asks for them again before that ends. Any thread that may wait.
 */
public final class CustomerKeys implements WrappingKeys, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CustomerKeys.class);

  /**
   * Requests that may wait for key services at once, and hold a connection to the database so long;
   * others are refused.
   */
  private static final int MOST_WAITING = 4;

  /** How long nobody waits for a service that has not given its key. */
  private static final long PAUSE_NANOS = Duration.ofSeconds(2).toNanos();

  /** Services that are asked at once, before anything is served. */
  private static final int AT_ONCE = 256;

  /** How long they are waited for then. */
  private static final Duration AT_START = Duration.ofSeconds(8);

  private static final int CONNECTIONS_PER_ADDRESS = 8;
  private static final int MOST_KEYS_AT_START = 10_000;

  private final CustomerKeyStore store = new CustomerKeyStore();
  private final DnsClient dns;
  private final TransitEngine service;
  private final SecretColumn tokens;
  private final long holdNanos;
  private final Map<UUID, Held> held = new ConcurrentHashMap<>();
  private final Map<UUID, Long> failedAt = new ConcurrentHashMap<>();
  private final Set<UUID> missed = ConcurrentHashMap.newKeySet();
  private final Semaphore waiting = new Semaphore(MOST_WAITING);

  /** A key, and the sealed token for which it was given. */
  private record Held(UUID tenant, Aead aead, Buffer token, long untilNanos) {}

  private CustomerKeys(
      DnsClient dns, TransitEngine service, MasterKey masterKey, Duration holdFor) {
    this.dns = dns;
    this.service = service;
    this.tokens = tokens(masterKey);
    this.holdNanos = holdFor.toNanos();
  }

  /**
   * Opens the ways to key services; asks nobody yet.
   *
   * @param domains where they may be, and how names are looked up
   * @param masterKey seals the tokens
   * @param holdFor how long a key is held
   */
  public static CustomerKeys open(
      Vertx vertx, DomainConfig domains, MasterKey masterKey, Duration holdFor) {
    DnsClient dns = DnsClient.open(domains.dnsServerAddress());
    EgressPolicy policy = domains.egressPolicy();
    EgressClient http =
        EgressClient.forManyCalls(
            vertx,
            policy,
            "gatehouse-control-plane",
            TransitEngine.DEADLINE,
            CONNECTIONS_PER_ADDRESS);
    TransitEngine service = new TransitEngine(http, new PublicAddresses(dns, policy));
    return new CustomerKeys(dns, service, masterKey, holdFor);
  }

  /**
   * Asks for all keys once, so that the edge is told what they open as soon as it asks. Those that
   * are not there after a while come later.
   */
  public void askAll(Database database) {
    List<CustomerKey> all =
        database.withConnection(
            connection -> store.after(connection, Optional.empty(), MOST_KEYS_AT_START));
    Semaphore places = new Semaphore(AT_ONCE);
    CountDownLatch open = new CountDownLatch(all.size());
    for (CustomerKey row : all) {
      Thread.ofVirtual().name("customer-key").start(() -> askAtStart(row, places, open));
    }
    try {
      boolean _ = open.await(AT_START.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void askAtStart(CustomerKey row, Semaphore places, CountDownLatch open) {
    places.acquireUninterruptibly();
    try {
      WrappingKey _ = ask(row);
    } catch (KeyServiceException e) {
      LOG.warn("the tenant {} does not give its key: {}", row.tenantId(), e.getMessage());
    } finally {
      places.release();
      open.countDown();
    }
  }

  static SecretColumn tokens(MasterKey masterKey) {
    return new SecretColumn(masterKey, "customer_key.token");
  }

  @Override
  public Optional<Aead> atHand(UUID tenant, UUID key) {
    Optional<Aead> found = find(key);
    if (found.isEmpty()) {
      missed.add(tenant);
    }
    return found;
  }

  @Override
  public Aead require(SqlConnection connection, UUID tenant, UUID key) {
    return find(key).orElseGet(() -> askedFor(connection, tenant, key));
  }

  private Aead askedFor(SqlConnection connection, UUID tenant, UUID key) {
    Long failed = failedAt.get(key);
    if (failed != null && System.nanoTime() - failed < PAUSE_NANOS) {
      throw withheld("it was asked for a moment ago");
    }
    if (!waiting.tryAcquire()) {
      throw withheld("it must be asked for: try again in a moment");
    }
    try {
      CustomerKey row =
          store
              .find(connection, tenant)
              .filter(one -> one.id().equals(key))
              .orElseThrow(() -> withheld("it was replaced"));
      return ask(row).aead();
    } catch (KeyServiceException e) {
      throw withheld(String.valueOf(e.getMessage()));
    } finally {
      waiting.release();
    }
  }

  private static ProblemException withheld(String reason) {
    return new ProblemException(
        Problem.KEY_WITHHELD,
        "the tenant's keysets open with the tenant's own key-encryption key alone: " + reason);
  }

  /**
   * Asks for a key, and holds it.
   *
   * @throws KeyServiceException if it is not given; where its service has said no, it is not held
   *     any more
   */
  WrappingKey ask(CustomerKey row) throws KeyServiceException {
    long asked = System.nanoTime();
    try {
      Aead at = service.at(row.place(), tokens.open(row.tenantId(), row.token()));
      WrappingKey key = WrappingKey.open(row.tenantId(), row.id(), row.wrapped(), at);
      held.put(key.id(), held(row.tenantId(), key, row.token(), asked));
      failedAt.remove(key.id());
      return key;
    } catch (KeyServiceException e) {
      noteFailure(row, asked, e.isRefused());
      throw e;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a key of a customer cannot be used", e);
    }
  }

  private Held held(UUID tenant, WrappingKey key, SealedSecret token, long asked) {
    return new Held(tenant, key.aead(), token.sealed(), asked + holdNanos);
  }

  /**
   * An answer to a token of before says nothing of a key that was given for another one meanwhile,
   * and an old answer nothing of one that was given since.
   */
  private void noteFailure(CustomerKey row, long asked, boolean refused) {
    Held _ =
        held.compute(
            row.id(),
            (id, now) -> {
              if (now != null
                  && (!now.token().equals(row.token().sealed())
                      || now.untilNanos() - holdNanos - asked > 0)) {
                return now;
              }
              failedAt.put(id, System.nanoTime());
              return refused ? null : now;
            });
  }

  /** Has the token of a key last longer, if that can be. */
  boolean renew(CustomerKey row) {
    return service.renew(row.place(), tokens.open(row.tenantId(), row.token()));
  }

  /** Holds a key that was made just now with this token. */
  void hold(UUID tenant, WrappingKey key, SealedSecret token) {
    held.put(key.id(), held(tenant, key, token, System.nanoTime()));
    failedAt.remove(key.id());
  }

  /** Lets go of all keys whose time is up. */
  void letGo() {
    long now = System.nanoTime();
    held.values().removeIf(one -> one.untilNanos() - now <= 0);
    failedAt.values().removeIf(at -> now - at > PAUSE_NANOS);
  }

  /** Whether one of the tenant's keys is held. */
  boolean holdsOf(UUID tenant) {
    long now = System.nanoTime();
    return held.values().stream()
        .anyMatch(one -> one.tenant().equals(tenant) && one.untilNanos() - now > 0);
  }

  /** Whether something could not be opened for lack of the tenant's key, since this was asked. */
  boolean takeMissed(UUID tenant) {
    return missed.remove(tenant);
  }

  TransitEngine service() {
    return service;
  }

  @Override
  public void close() {
    dns.close();
  }

  private Optional<Aead> find(UUID key) {
    Held found = held.get(key);
    return found != null && found.untilNanos() - System.nanoTime() > 0
        ? Optional.of(found.aead())
        : Optional.empty();
  }
}
