package dev.gatehouse.sample;

import dev.gatehouse.contract.context.SignedContext;
import dev.gatehouse.contract.database.TenantDatabase;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The tenants' notes in PostgreSQL, in the table {@code note} (see {@code note.sql}). No statement
 * names a tenant, and none has to: the database knows whose the transaction is, and where the table
 * is for this tenant. Waits; for virtual threads.
 */
final class DatabaseNotes implements NoteStore {
  private static final String ADD =
      "INSERT INTO note (id, text, author) VALUES ($1, $2, $3) RETURNING id, text, author, at";
  private static final String NEWEST =
      "SELECT id, text, author, at FROM note ORDER BY at DESC, id LIMIT " + Notes.NOTES_PER_TENANT;

  private final TenantDatabase database;

  DatabaseNotes(TenantDatabase database) {
    this.database = database;
  }

  @Override
  public Notes.Note add(SignedContext request, String text) {
    Tuple note = Tuple.of(UUID.randomUUID(), text, request.context().subject());
    return database
        .inTransaction(request, connection -> connection.preparedQuery(ADD).execute(note))
        .map(rows -> noteOf(rows.iterator().next()))
        .await();
  }

  @Override
  public List<Notes.Note> of(SignedContext request) {
    return database
        .inTransaction(request, connection -> connection.preparedQuery(NEWEST).execute())
        .map(DatabaseNotes::oldestFirst)
        .await();
  }

  private static List<Notes.Note> oldestFirst(RowSet<Row> rows) {
    List<Notes.Note> notes = new ArrayList<>();
    rows.forEach(row -> notes.add(noteOf(row)));
    return notes.reversed();
  }

  private static Notes.Note noteOf(Row row) {
    OffsetDateTime at = row.getOffsetDateTime("at");
    return new Notes.Note(
        row.getUUID("id"), row.getString("text"), row.getString("author"), at.toInstant());
  }

  @Override
  public void close() {
    database.close();
  }
}
