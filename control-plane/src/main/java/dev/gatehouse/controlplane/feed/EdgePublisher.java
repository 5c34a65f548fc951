package dev.gatehouse.controlplane.feed;

import dev.gatehouse.contract.edge.EdgeObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.UUID;

/**
 * Tells the gateways of a change, within the transaction that makes it: all or nothing.
 *
 * <p>All methods lock the one revision counter until the transaction ends. They must therefore be
 * its last statements, before the audit trail's, and they wait for the database: call them on a
 * virtual thread.
 */
public interface EdgePublisher {
  /** Says of many objects that they now look like this, with one revision for each. */
  default void upsertAll(SqlConnection tx, List<EdgeObject> objects) {
    objects.forEach(object -> upsert(tx, object));
  }

  /** Says of many objects that they are gone, with one revision for each. */
  default void removeAll(SqlConnection tx, EdgeObject.Kind kind, List<String> keys) {
    keys.forEach(key -> remove(tx, kind, key));
  }

  /**
   * Says that the object now looks like this.
   *
   * @return the revision of the change, which holds once the transaction has committed
   */
  long upsert(SqlConnection tx, EdgeObject object);

  /** Says once more what there is of a tenant that has secrets in it. */
  void retellSecrets(SqlConnection tx, UUID tenant);

  /**
   * Says that the object no longer exists.
   *
   * @return the revision of the change, which holds once the transaction has committed
   */
  long remove(SqlConnection tx, EdgeObject.Kind kind, String key);
}
