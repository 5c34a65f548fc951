package dev.gatehouse.contract.database;

import io.vertx.core.Future;
import io.vertx.sqlclient.PreparedQuery;
import io.vertx.sqlclient.Query;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlResult;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collector;

/** A query of a {@link TenantConnection}. */
class TenantQuery<T> implements Query<T> {
  final TenantConnection connection;
  private final Query<T> query;

  TenantQuery(TenantConnection connection, Query<T> query) {
    this.connection = connection;
    this.query = query;
  }

  @Override
  public Future<T> execute() {
    return connection.submit(query::execute);
  }

  @Override
  public <R> Query<SqlResult<R>> collecting(Collector<Row, ?, R> collector) {
    return new TenantQuery<>(connection, query.collecting(collector));
  }

  @Override
  public <U> Query<RowSet<U>> mapping(Function<Row, U> mapper) {
    return new TenantQuery<>(connection, query.mapping(mapper));
  }

  /** One with parameters. */
  static final class Prepared<T> extends TenantQuery<T> implements PreparedQuery<T> {
    private final PreparedQuery<T> query;

    Prepared(TenantConnection connection, PreparedQuery<T> query) {
      super(connection, query);
      this.query = query;
    }

    @Override
    public Future<T> execute(Tuple tuple) {
      return connection.submit(() -> query.execute(tuple));
    }

    @Override
    public Future<T> executeBatch(List<Tuple> batch) {
      return connection.submit(() -> query.executeBatch(batch));
    }

    @Override
    public <R> PreparedQuery<SqlResult<R>> collecting(Collector<Row, ?, R> collector) {
      return new Prepared<>(connection, query.collecting(collector));
    }

    @Override
    public <U> PreparedQuery<RowSet<U>> mapping(Function<Row, U> mapper) {
      return new Prepared<>(connection, query.mapping(mapper));
    }
  }
}
