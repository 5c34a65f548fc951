package dev.gatehouse.contract.database;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Optional;

/**
 * Where the data of a tenant are, and how to log in there.
 *
 * @param partition name of the PostgreSQL server or database
 * @param strategy how tenants are kept apart there
 * @param host of the server that takes writes
 * @param port 1 to 65535
 * @param database its name
 * @param user the role that the application logs in as
 * @param password of this role; never logged
 * @param searchPath where this role finds the application's tables; the server sets it, the
 *     application need not
 * @param tls how the connection is encrypted; not at all if absent
 * @param replicas servers that answer queries alone; may be none
 * @param connectionLimit how many connections this role may have, 1 or more; 20 if absent
 * @param trust PEM of the authorities whose certificates the servers may have, with {@code
 *     verify-full}; those that the JVM trusts if absent
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ConnectionDetails(
    @JsonProperty(required = true) String partition,
    @JsonProperty(required = true) IsolationStrategy strategy,
    @JsonProperty(required = true) String host,
    int port,
    @JsonProperty(required = true) String database,
    @JsonProperty(required = true) String user,
    @JsonProperty(required = true) String password,
    Optional<String> searchPath,
    Optional<TlsMode> tls,
    List<Server> replicas,
    Optional<Integer> connectionLimit,
    Optional<String> trust) {

  private static final int DEFAULT_CONNECTION_LIMIT = 20;

  /**
   * @throws IllegalArgumentException if host, database or user is empty, or a port or the limit out
   *     of range
   */
  public ConnectionDetails {
    new Server(host, port);
    replicas = replicas == null ? List.of() : List.copyOf(replicas);
    if (database.isEmpty() || user.isEmpty()) {
      throw new IllegalArgumentException("database and user must not be empty");
    }
    if (connectionLimit.isPresent() && connectionLimit.get() < 1) {
      throw new IllegalArgumentException(
          "connectionLimit must be 1 or more, found " + connectionLimit.get());
    }
  }

  /**
   * A server.
   *
   * @param host name or address
   * @param port 1 to 65535
   */
  public record Server(String host, int port) {
    /**
     * @throws IllegalArgumentException if the host is empty or the port out of range
     */
    public Server {
      if (host.isEmpty()) {
        throw new IllegalArgumentException("host must not be empty");
      }
      if (port < 1 || port > 65535) {
        throw new IllegalArgumentException("port must be between 1 and 65535, found " + port);
      }
    }

    /** Why it does not let us in. */
    String whyNot(Throwable failure) {
      String name = host + ":" + port;
      return TlsFailure.inWords(failure, name)
          .orElseGet(() -> name + " does not let us in: " + failure.getMessage());
    }
  }

  /** The server that takes writes. */
  public Server primary() {
    return new Server(host, port);
  }

  /** How the connection is encrypted. */
  TlsMode encryption() {
    return tls.orElse(TlsMode.DISABLE);
  }

  /** How many connections there may be at once. */
  int mostConnections() {
    return connectionLimit.orElse(DEFAULT_CONNECTION_LIMIT);
  }

  /** Whether they are for what a context says. */
  boolean isFor(DatabaseAccess access) {
    return partition.equals(access.partition()) && strategy == access.strategy();
  }

  /** Does not show the password. */
  @Override
  public String toString() {
    return "ConnectionDetails[%s, %s, %s@%s:%d/%s]"
        .formatted(partition, strategy.wireName(), user, host, port, database);
  }
}
