package dev.gatehouse.controlplane.imports;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Imports in PostgreSQL. */
final class ImportStore {
  private static final String COLUMNS =
      "id, state, dry_run, actor, lines, processed, refused, through, created_at, ended_at";

  private static final String INSERT =
      "INSERT INTO tenant_import (id, state, dry_run, actor) VALUES ($1, 'receiving', $2, $3)";

  private static final String COUNT_OPEN =
      "SELECT count(*) FROM tenant_import WHERE state IN ('receiving', 'running')";

  private static final String INSERT_LINE =
      "INSERT INTO tenant_import_line (import_id, line, content, fault) VALUES ($1, $2, $3, $4)";

  private static final String START =
      "UPDATE tenant_import SET state = 'running', lines = $2 WHERE id = $1 RETURNING " + COLUMNS;

  private static final String FIND = "SELECT " + COLUMNS + " FROM tenant_import WHERE id = $1";

  private static final String LIST =
      "SELECT "
          + COLUMNS
          + " FROM tenant_import WHERE $1::uuid IS NULL OR id < $1 ORDER BY id DESC LIMIT $2";

  private static final String NEXT =
      """
      SELECT line, content, fault FROM tenant_import_line
       WHERE import_id = $1 AND line > $2
       ORDER BY line LIMIT $3
      """;

  private static final String FORGET_LINES =
      "DELETE FROM tenant_import_line WHERE import_id = $1 AND line <= $2";

  private static final String KEEP_SLUG =
      """
      UPDATE tenant_import_line SET slug = $3, content = NULL WHERE import_id = $1 AND line = $2
      """;

  private static final String EARLIER_SLUGS =
      "SELECT slug FROM tenant_import_line WHERE import_id = $1 AND slug = ANY ($2)";

  private static final String INSERT_ERROR =
      "INSERT INTO tenant_import_error (import_id, line, error) VALUES ($1, $2, $3)";

  private static final String ERRORS =
      """
      SELECT line, error FROM tenant_import_error
       WHERE import_id = $1 AND line > $2
       ORDER BY line LIMIT $3
      """;

  private static final String PROGRESS =
      """
      UPDATE tenant_import
         SET processed = processed + $2, refused = refused + $3, through = $4
       WHERE id = $1
      """;

  private static final String END =
      "UPDATE tenant_import SET state = $2, ended_at = now() WHERE id = $1 RETURNING " + COLUMNS;

  private static final String DELETE = "DELETE FROM tenant_import WHERE id = $1";

  /** A line that is still to be done. */
  record Line(long number, Optional<Buffer> content, Optional<String> fault) {}

  /** Why a line became no tenant: the problem document, without what is of a request. */
  record LineError(long line, JsonObject error) {
    JsonObject toJson() {
      return new JsonObject().put("line", line).mergeIn(error);
    }
  }

  long countOpen(SqlConnection connection) {
    return connection.query(COUNT_OPEN).execute().await().iterator().next().getLong(0);
  }

  void insert(SqlConnection tx, UUID id, boolean dryRun, String actor) {
    tx.preparedQuery(INSERT).execute(Tuple.of(id, dryRun, actor)).await();
  }

  void insertLines(SqlConnection tx, UUID id, List<ImportRecord> records) {
    List<Tuple> values =
        records.stream()
            .map(one ->
                switch (one) {
                  case ImportRecord.Content(long line, Buffer content) ->
                      Tuple.of(id, line, content, null);
                  case ImportRecord.Unreadable(long line, String fault) ->
                      Tuple.of(id, line, null, fault);
                })
            .toList();
    tx.preparedQuery(INSERT_LINE).executeBatch(values).await();
  }

  TenantImport start(SqlConnection tx, UUID id, long lines) {
    return one(tx.preparedQuery(START).execute(Tuple.of(id, lines)).await()).orElseThrow();
  }

  Optional<TenantImport> find(SqlConnection connection, UUID id) {
    return one(connection.preparedQuery(FIND).execute(Tuple.of(id)).await());
  }

  Optional<TenantImport> lock(SqlConnection tx, UUID id) {
    return one(tx.preparedQuery(FIND + " FOR UPDATE").execute(Tuple.of(id)).await());
  }

  List<TenantImport> list(SqlConnection connection, Optional<UUID> before, int count) {
    Tuple values = Tuple.of(before.orElse(null), count);
    return stream(connection.preparedQuery(LIST).execute(values).await()).toList();
  }

  List<Line> next(SqlConnection tx, TenantImport one, int count) {
    Iterable<Row> rows =
        tx.preparedQuery(NEXT).execute(Tuple.of(one.id(), one.through(), count)).await();
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row ->
            new Line(
                row.getLong("line"),
                Optional.ofNullable(row.getBuffer("content")),
                Optional.ofNullable(row.getString("fault"))))
        .toList();
  }

  void forgetLines(SqlConnection tx, UUID id, long through) {
    tx.preparedQuery(FORGET_LINES).execute(Tuple.of(id, through)).await();
  }

  void keepSlugs(SqlConnection tx, UUID id, Map<Long, String> slugs) {
    if (!slugs.isEmpty()) {
      tx.preparedQuery(KEEP_SLUG)
          .executeBatch(
              slugs.entrySet().stream()
                  .map(slug -> Tuple.of(id, slug.getKey(), slug.getValue()))
                  .toList())
          .await();
    }
  }

  List<String> earlierSlugs(SqlConnection tx, UUID id, List<String> slugs) {
    Tuple values = Tuple.of(id, (Object) slugs.toArray(String[]::new));
    Iterable<Row> rows = tx.preparedQuery(EARLIER_SLUGS).execute(values).await();
    return StreamSupport.stream(rows.spliterator(), false).map(row -> row.getString(0)).toList();
  }

  void insertErrors(SqlConnection tx, UUID id, Map<Long, JsonObject> errors) {
    if (!errors.isEmpty()) {
      tx.preparedQuery(INSERT_ERROR)
          .executeBatch(
              errors.entrySet().stream()
                  .map(error -> Tuple.of(id, error.getKey(), error.getValue()))
                  .toList())
          .await();
    }
  }

  List<LineError> errors(SqlConnection connection, UUID id, long after, int count) {
    Iterable<Row> rows =
        connection.preparedQuery(ERRORS).execute(Tuple.of(id, after, count)).await();
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row -> new LineError(row.getLong("line"), (JsonObject) row.getJson("error")))
        .toList();
  }

  void progress(SqlConnection tx, UUID id, int processed, int refused, long through) {
    tx.preparedQuery(PROGRESS).execute(Tuple.of(id, processed, refused, through)).await();
  }

  TenantImport end(SqlConnection tx, UUID id, TenantImport.State state) {
    Tuple values = Tuple.of(id, state.name().toLowerCase(Locale.ROOT));
    return one(tx.preparedQuery(END).execute(values).await()).orElseThrow();
  }

  void delete(SqlConnection tx, UUID id) {
    tx.preparedQuery(DELETE).execute(Tuple.of(id)).await();
  }

  private static Optional<TenantImport> one(Iterable<Row> rows) {
    return stream(rows).findFirst();
  }

  private static Stream<TenantImport> stream(Iterable<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row ->
            new TenantImport(
                row.getUUID("id"),
                TenantImport.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                row.getBoolean("dry_run"),
                row.getString("actor"),
                row.getLong("lines"),
                row.getLong("processed"),
                row.getLong("refused"),
                row.getLong("through"),
                row.getOffsetDateTime("created_at").toInstant(),
                ended(row)));
  }

  private static Optional<Instant> ended(Row row) {
    return Optional.ofNullable(row.get(OffsetDateTime.class, "ended_at"))
        .map(OffsetDateTime::toInstant);
  }
}
