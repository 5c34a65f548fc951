package dev.gatehouse.contract.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What connections to databases may cost. A pool is what one role has at one database of one
 * server: all tenants of a partition that share tables, or one tenant with a schema or database of
 * its own.
 *
 * @param connections at once, in all pools together (default 64)
 * @param connectionsPerPool at once in one pool, or fewer where the control plane says so (default
 *     16)
 * @param pools at once; the one that was not used for longest is closed for another (default 64)
 * @param waiting how many may wait for a connection; one more is {@link
 *     TenantDatabaseException.Busy} (default 512)
 * @param waitingPerPool how many of them for one pool (default 128)
 * @param patience how long one of them waits (default 2 s)
 * @param connect how long it may take to connect and log in (default 3 s)
 * @param transaction how long a transaction may take; then it is taken back and its connection
 *     closed (default 30 s)
 * @param idle how long a connection may be without use (default 5 min)
 * @param transactionPooler whether a pooler stands before the databases that gives its connections
 *     to whoever begins a transaction, such as PgBouncer with {@code pool_mode = transaction}: no
 *     statements are kept prepared then (default false)
 * @param authorities PEM file of the authorities that are trusted where the control plane says
 *     {@code verify-full}; if empty those that the control plane says, or the JVM's
 */
public record PoolSettings(
    int connections,
    int connectionsPerPool,
    int pools,
    int waiting,
    int waitingPerPool,
    Duration patience,
    Duration connect,
    Duration transaction,
    Duration idle,
    boolean transactionPooler,
    Optional<Path> authorities) {
  private static final int MOST = 100_000;

  /**
   * @throws IllegalArgumentException if a number or a time is out of range
   */
  public PoolSettings {
    check("connections", connections, 1);
    check("connectionsPerPool", connectionsPerPool, 1);
    check("pools", pools, 1);
    check("waiting", waiting, 0);
    check("waitingPerPool", waitingPerPool, 0);
    check("patience", patience);
    check("connect", connect);
    check("transaction", transaction);
    check("idle", idle);
  }

  /**
   * PEM of the authorities that count for a server; the JVM's if empty. Blocks.
   *
   * @param told by the control plane
   * @throws IOException if one's own cannot be read
   */
  Optional<String> authorities(Optional<String> told) throws IOException {
    if (authorities.isEmpty()) {
      return told;
    }
    try {
      return Optional.of(Files.readString(authorities.get()));
    } catch (IOException e) {
      throw new IOException("the authorities in " + authorities.get() + " cannot be read: " + e, e);
    }
  }

  private static void check(String name, int value, int least) {
    if (value < least || value > MOST) {
      throw new IllegalArgumentException(
          "%s must be between %d and %d, found %d".formatted(name, least, MOST, value));
    }
  }

  private static void check(String name, Duration value) {
    if (value.toMillis() < 1 || value.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(
          "%s must be between 1 ms and a day, found %s".formatted(name, value));
    }
  }

  /** All the defaults. */
  public static PoolSettings defaults() {
    return new PoolSettings(
        64,
        16,
        64,
        512,
        128,
        Duration.ofSeconds(2),
        Duration.ofSeconds(3),
        Duration.ofSeconds(30),
        Duration.ofMinutes(5),
        false,
        Optional.empty());
  }

  /** The same with other numbers of connections. */
  public PoolSettings withConnections(int all, int perPool, int pools) {
    return with(copy -> {
      copy.connections = all;
      copy.connectionsPerPool = perPool;
      copy.pools = pools;
    });
  }

  /** The same with another bound for waiting. */
  public PoolSettings withWaiting(int all, int perPool, Duration patience) {
    return with(copy -> {
      copy.waiting = all;
      copy.waitingPerPool = perPool;
      copy.patience = patience;
    });
  }

  /** The same with another bound for transactions. */
  public PoolSettings withTransaction(Duration transaction) {
    return with(copy -> copy.transaction = transaction);
  }

  /** The same with another bound for connections that nobody uses. */
  public PoolSettings withIdle(Duration idle) {
    return with(copy -> copy.idle = idle);
  }

  /** The same for databases behind a pooler of transactions. */
  public PoolSettings withTransactionPooler() {
    return with(copy -> copy.transactionPooler = true);
  }

  /** The same with authorities of one's own. */
  public PoolSettings withAuthorities(Path pem) {
    return with(copy -> copy.authorities = Optional.of(pem));
  }

  private PoolSettings with(Consumer<Copy> change) {
    Copy copy = new Copy(this);
    change.accept(copy);
    return copy.made();
  }

  /** Settings while they are changed. */
  private static final class Copy {
    private int connections;
    private int connectionsPerPool;
    private int pools;
    private int waiting;
    private int waitingPerPool;
    private Duration patience;
    private final Duration connect;
    private Duration transaction;
    private Duration idle;
    private boolean transactionPooler;
    private Optional<Path> authorities;

    Copy(PoolSettings of) {
      this.connections = of.connections;
      this.connectionsPerPool = of.connectionsPerPool;
      this.pools = of.pools;
      this.waiting = of.waiting;
      this.waitingPerPool = of.waitingPerPool;
      this.patience = of.patience;
      this.connect = of.connect;
      this.transaction = of.transaction;
      this.idle = of.idle;
      this.transactionPooler = of.transactionPooler;
      this.authorities = of.authorities;
    }

    PoolSettings made() {
      return new PoolSettings(
          connections,
          connectionsPerPool,
          pools,
          waiting,
          waitingPerPool,
          patience,
          connect,
          transaction,
          idle,
          transactionPooler,
          authorities);
    }
  }
}
