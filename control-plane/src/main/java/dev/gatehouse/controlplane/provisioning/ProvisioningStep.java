package dev.gatehouse.controlplane.provisioning;

import dev.gatehouse.controlplane.tenant.Tenant;
import io.vertx.sqlclient.SqlConnection;

/** One step on the way of a tenant from pending to active. */
public interface ProvisioningStep {
  /** The name under which its progress is shown. */
  String name();

  /**
   * Does what takes time or happens elsewhere, outside of any transaction. It may be done again,
   * after a failure or a crash, and must then lead to the same.
   *
   * @throws Exception if it failed; it is tried again after a while, and the message is shown
   */
  default void prepare(Tenant tenant) throws Exception {}

  /**
   * Does what there is to do in the database, in the transaction that marks the step as done.
   *
   * @param tenant locked
   */
  default void complete(SqlConnection tx, Tenant tenant) {}
}
