package dev.gatehouse.controlplane.audit;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Writes and reads the trail. Appending locks the end of one chain until the transaction ends: it
 * comes last, after what tells the edge, and whoever appends to several chains does it in one call.
 * Blocks: virtual threads only.
 */
public final class AuditService {
  private final AuditStore store = new AuditStore();

  /**
   * Records what the control plane does by itself, in the transaction that does it.
   *
   * @param chain the tenant's id, or {@link dev.gatehouse.contract.audit.AuditChain#PLATFORM}
   * @param action what was done, such as {@code job.suspend}
   * @param resource on what, as the API names it
   */
  public void system(
      SqlConnection tx,
      UUID chain,
      String action,
      String resource,
      Optional<JsonObject> before,
      Optional<JsonObject> after) {
    append(
        tx,
        AuditRecord.of(chain, action, Actor.SYSTEM, resource)
            .with("outcome", "done")
            .withDocument("before", before)
            .withDocument("after", after));
  }

  /** Adds an entry. */
  public void append(SqlConnection tx, AuditRecord added) {
    store.append(tx, added);
  }

  /** Adds entries to any chains, always in the order of the chains. */
  public void append(SqlConnection tx, List<AuditRecord> added) {
    store.append(
        tx, added.stream().sorted(Comparator.comparing(one -> one.chain().toString())).toList());
  }

  /** Where chains end, in the order of their ids. */
  List<ChainEnd> chains(SqlConnection connection, Optional<String> after, int count) {
    return store.chains(connection, after.map(UUID::fromString), count);
  }

  /** A page, the newest first. */
  List<AuditEntry> list(
      SqlConnection connection,
      UUID chain,
      AuditFilter filter,
      Optional<String> before,
      int count) {
    long bound = before.map(Long::parseLong).orElse(Long.MAX_VALUE);
    return store.list(connection, chain, filter, bound, count);
  }
}
