package dev.gatehouse.controlplane.feed;

import dev.gatehouse.contract.edge.EdgeObject;
import io.vertx.sqlclient.SqlConnection;

/**
 * Writes what the edge must know, within the transaction of the change that it tells of.
 *
 * <p>Each call takes the next revision and holds it until the transaction ends, which makes the
 * order of revisions that of the commits. Call it last in a transaction, so that other writers do
 * not wait for more than the commit.
 */
public interface EdgePublisher {

  /** The object now looks like this. Returns the revision at which it does. */
  long upsert(SqlConnection tx, EdgeObject object);

  /** The object no longer exists. Returns the revision at which it does not. */
  long remove(SqlConnection tx, EdgeObject.Kind kind, String key);
}
