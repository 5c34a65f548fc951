package dev.gatehouse.contract.database;

import dev.gatehouse.contract.context.TenantContext;

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
  /**
   * What a context says.
   *
   * @throws TenantDatabaseException.NoDatabase if it says nothing
   */
  static DatabaseAccess of(TenantContext context) {
    return context
        .database()
        .orElseThrow(() ->
            new TenantDatabaseException.NoDatabase(
                "the context for the service "
                    + context.service()
                    + " has no claim db: register the service with databaseToken"));
  }

  /** Does not show the token. */
  @Override
  public String toString() {
    return "DatabaseAccess[partition=" + partition + ", strategy=" + strategy.wireName() + "]";
  }
}
