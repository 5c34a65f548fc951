package dev.gatehouse.contract.database;

import dev.gatehouse.contract.context.SignedContext;
import java.util.concurrent.CompletionStage;

/** Knows where the data of tenants are. Any thread; never blocks. */
public interface ConnectionSource {
  /**
   * Where to connect for the tenant of a request.
   *
   * @return fails with a {@link TenantDatabaseException}
   */
  CompletionStage<ConnectionDetails> find(SignedContext request);

  /**
   * The server refused a login with these: the tenant was moved, or its password was changed. What
   * was remembered is not believed any more.
   */
  void refused(SignedContext request, ConnectionDetails details);
}
