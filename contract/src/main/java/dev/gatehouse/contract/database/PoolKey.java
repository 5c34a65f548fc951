package dev.gatehouse.contract.database;

import java.util.Optional;

/**
 * What connections have in common that can take each other's place.
 *
 * @param server where they go
 * @param database its name there
 * @param user the role
 * @param tls how they are encrypted
 * @param trust PEM of the authorities that count, with {@code verify-full}; the JVM's if empty
 */
record PoolKey(
    ConnectionDetails.Server server,
    String database,
    String user,
    TlsMode tls,
    Optional<String> trust) {
  static PoolKey of(ConnectionDetails details, ConnectionDetails.Server server) {
    return new PoolKey(
        server, details.database(), details.user(), details.encryption(), details.trust());
  }
}
