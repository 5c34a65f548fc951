package dev.gatehouse.contract.database;

import dev.gatehouse.contract.context.SignedContext;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Partitions that stand in the application's own configuration: for tenants that share tables,
 * without asking the control plane. Any thread; never blocks.
 */
public final class FixedConnections implements ConnectionSource {
  private final Map<String, ConnectionDetails> partitions;

  /**
   * @param partitions by their names, each with the strategy {@link IsolationStrategy#SHARED}
   * @throws IllegalArgumentException if one has another, which needs a login for each tenant
   */
  public FixedConnections(Map<String, ConnectionDetails> partitions) {
    partitions.forEach((name, details) -> {
      if (details.strategy() != IsolationStrategy.SHARED || !details.partition().equals(name)) {
        throw new IllegalArgumentException(
            "a partition in the configuration must be shared and have its own name, found "
                + details
                + " under "
                + name);
      }
    });
    this.partitions = Map.copyOf(partitions);
  }

  @Override
  public CompletionStage<ConnectionDetails> find(SignedContext request) {
    DatabaseAccess access = DatabaseAccess.of(request.context());
    ConnectionDetails details = partitions.get(access.partition());
    return details == null || access.strategy() != IsolationStrategy.SHARED
        ? CompletableFuture.failedFuture(
            new TenantDatabaseException.Unavailable("no connection is configured for " + access))
        : CompletableFuture.completedFuture(details);
  }

  @Override
  public void refused(SignedContext request, ConnectionDetails details) {
    // There is nobody to ask for others.
  }
}
