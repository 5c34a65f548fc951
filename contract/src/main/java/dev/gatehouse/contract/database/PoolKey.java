package dev.gatehouse.contract.database;

/**
 * What connections have in common that can take each other's place.
 *
 * @param server where they go
 * @param database its name there
 * @param user the role
 * @param tls how they are encrypted
 */
record PoolKey(ConnectionDetails.Server server, String database, String user, TlsMode tls) {
  static PoolKey of(ConnectionDetails details, ConnectionDetails.Server server) {
    return new PoolKey(server, details.database(), details.user(), details.encryption());
  }
}
