package dev.gatehouse.contract.database;

/**
 * Where the data of a tenant are, and what enters there: the claim {@code db} of a signed context,
 * for services that ask for it.
 *
 * @param partition name of the PostgreSQL server or database
 * @param strategy how they are kept apart there
 * @param token for {@code tenancy.enter}, of this tenant alone (see {@link DatabaseTokenKey}); ends
 *     with the context. Never logged
 */
public record DatabaseAccess(String partition, IsolationStrategy strategy, String token) {
  /** Does not show the token. */
  @Override
  public String toString() {
    return "DatabaseAccess[partition=" + partition + ", strategy=" + strategy.wireName() + "]";
  }
}
