package dev.gatehouse.contract.database;

import io.vertx.core.Future;
import io.vertx.sqlclient.Cursor;
import io.vertx.sqlclient.PreparedQuery;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.RowStream;
import io.vertx.sqlclient.Tuple;

/** A statement of a {@link TenantConnection}; closed with its transaction at the latest. */
record TenantStatement(TenantConnection connection, PreparedStatement statement)
    implements PreparedStatement {
  @Override
  public PreparedQuery<RowSet<Row>> query() {
    return new TenantQuery.Prepared<>(connection, statement.query());
  }

  @Override
  public Cursor cursor(Tuple arguments) {
    return new TenantCursor(connection, statement.cursor(arguments));
  }

  @Override
  public RowStream<Row> createStream(int fetch, Tuple arguments) {
    throw new UnsupportedOperationException(
        "use a cursor: how far it reads is the caller's to say");
  }

  /** Nothing: it ends with the transaction. */
  @Override
  public Future<Void> close() {
    return Future.succeededFuture();
  }

  private record TenantCursor(TenantConnection connection, Cursor cursor) implements Cursor {
    @Override
    public Future<RowSet<Row>> read(int count) {
      return connection.submit(() -> cursor.read(count));
    }

    @Override
    public boolean hasMore() {
      return cursor.hasMore();
    }

    @Override
    public Future<Void> close() {
      return connection.submit(cursor::close);
    }

    @Override
    public boolean isClosed() {
      return cursor.isClosed();
    }
  }
}
