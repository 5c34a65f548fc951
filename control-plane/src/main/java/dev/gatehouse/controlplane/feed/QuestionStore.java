package dev.gatehouse.controlplane.feed;

import dev.gatehouse.contract.edge.ExplainAnswer;
import dev.gatehouse.contract.edge.ExplainQuestion;
import dev.gatehouse.contract.edge.ReportCodec;
import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.secret.Sealer;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Questions to gateways and their answers on the way from one instance to another, sealed. They are
 * there while somebody waits. Blocks: virtual threads only.
 */
final class QuestionStore {
  static final String CHANNEL = "gateway_question";

  private static final String ASK =
      """
      WITH asked AS (
        INSERT INTO gateway_question (id, gateway, question) VALUES ($1, $2, $3) RETURNING id
      )
      SELECT pg_notify('gateway_question', '') FROM asked
      """;

  private static final String OPEN =
      """
      SELECT id, gateway, question FROM gateway_question
       WHERE gateway = ANY($1) AND answer IS NULL
       ORDER BY asked_at LIMIT $2
      """;

  private static final String ANSWER =
      """
      WITH answered AS (
        UPDATE gateway_question SET answer = $3
         WHERE id = $1 AND gateway = $2 AND answer IS NULL
        RETURNING id
      )
      SELECT pg_notify('gateway_question', '') FROM answered
      """;

  private static final String ANSWERS =
      "SELECT id, answer FROM gateway_question WHERE id = ANY($1) AND answer IS NOT NULL";

  private static final String FORGET = "DELETE FROM gateway_question WHERE id = $1";

  /** Of instances that ended while they waited. */
  private static final String FORGET_OLD =
      "DELETE FROM gateway_question WHERE asked_at < now() - make_interval(secs => $1)";

  private static final int MOST_AT_ONCE = 256;

  private final Database database;
  private final Sealer sealer;

  QuestionStore(Database database, Sealer sealer) {
    this.database = database;
    this.sealer = sealer;
  }

  void ask(String gateway, ExplainQuestion question) {
    byte[] sealed = sealer.seal(ReportCodec.encode(question), contextOf(question.id(), "question"));
    RowSet<Row> _ = run(ASK, Tuple.of(question.id(), gateway, Buffer.buffer(sealed)));
  }

  /**
   * What these gateways are asked and have not answered: the question, by the gateway and its id.
   */
  Map<UUID, Asked> openTo(Collection<String> gateways) {
    Map<UUID, Asked> open = new HashMap<>();
    for (Row row : run(OPEN, Tuple.of(gateways.toArray(String[]::new), MOST_AT_ONCE))) {
      UUID id = row.getUUID("id");
      byte[] question = opened(row, "question", id);
      open.put(
          id,
          new Asked(row.getString("gateway"), ReportCodec.decode(question, ExplainQuestion.class)));
    }
    return open;
  }

  /** A question and whom it is for. */
  record Asked(String gateway, ExplainQuestion question) {}

  /** Does nothing where nobody waits any more, or another gateway was asked. */
  void answer(ExplainAnswer answer) {
    byte[] sealed = sealer.seal(answer.encode(), contextOf(answer.id(), "answer"));
    RowSet<Row> _ = run(ANSWER, Tuple.of(answer.id(), answer.gateway(), Buffer.buffer(sealed)));
  }

  Map<UUID, ExplainAnswer> answersTo(Collection<UUID> questions) {
    Map<UUID, ExplainAnswer> answers = new HashMap<>();
    for (Row row : run(ANSWERS, Tuple.of(questions.toArray(UUID[]::new)))) {
      UUID id = row.getUUID("id");
      answers.put(id, ExplainAnswer.decode(opened(row, "answer", id)));
    }
    return answers;
  }

  void forget(UUID question) {
    RowSet<Row> _ = run(FORGET, Tuple.of(question));
  }

  void forgetOlderThan(Duration age) {
    RowSet<Row> _ = run(FORGET_OLD, Tuple.of(age.toMillis() / 1000.0));
  }

  private byte[] opened(Row row, String column, UUID id) {
    return sealer.open(row.getBuffer(column).getBytes(), contextOf(id, column));
  }

  private static String contextOf(UUID id, String side) {
    return "gateway-question/" + id + "/" + side;
  }

  private RowSet<Row> run(String sql, Tuple values) {
    return database.withConnection(
        connection -> connection.preparedQuery(sql).execute(values).await());
  }
}
