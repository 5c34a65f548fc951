package dev.gatehouse.controlplane.tenant;

import io.vertx.sqlclient.SqlConnection;
import java.util.UUID;

/** How a feature lets go of what it has of a deleted tenant. */
@FunctionalInterface
public interface TenantEraser {
  /** Rows that one call may erase, so that no transaction is long. */
  int BATCH = 100;

  /**
   * Takes away what it has elsewhere, outside of any transaction. It may be done again, after a
   * failure or a crash, and must then lead to the same.
   *
   * @throws Exception if it failed; it is tried again after a while
   */
  default void prepare(UUID tenant) throws Exception {}

  /**
   * Erases a part of it, all if that is little. Called again until nothing is left, also where
   * nothing was.
   *
   * @return whether nothing is left
   */
  boolean erase(SqlConnection tx, UUID tenant);
}
