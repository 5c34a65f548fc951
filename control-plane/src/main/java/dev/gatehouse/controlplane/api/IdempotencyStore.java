package dev.gatehouse.controlplane.api;

import dev.gatehouse.controlplane.secret.MasterKey;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * The answers to requests that carried an {@code Idempotency-Key}
 * (draft-ietf-httpapi-idempotency-key-header), kept for 24 hours and sealed, since they may hold
 * secrets. They are written in the transaction of the change itself: either both are there or
 * neither is. A refused request leaves nothing, and may be tried again under its key.
 */
public final class IdempotencyStore {
  private static final String PURGE =
      """
      DELETE FROM idempotency_key
       WHERE ctid = ANY (ARRAY(
             SELECT ctid FROM idempotency_key
              WHERE created_at < $1
              ORDER BY created_at LIMIT 100
                FOR UPDATE SKIP LOCKED))
      """;

  /** Waits for another transaction that has taken the same key and not ended yet. */
  private static final String TAKE =
      """
      INSERT INTO idempotency_key (caller, key, fingerprint) VALUES ($1, $2, $3)
      ON CONFLICT ON CONSTRAINT idempotency_key_pkey DO NOTHING
      """;

  private static final String EARLIER =
      "SELECT fingerprint, answer FROM idempotency_key WHERE caller = $1 AND key = $2";

  private static final String KEEP =
      "UPDATE idempotency_key SET answer = $3 WHERE caller = $1 AND key = $2";

  private static final Duration KEPT_FOR = Duration.ofHours(24);

  private final MasterKey masterKey;
  private final InstantSource clock;

  /**
   * @param masterKey seals the answers
   * @param clock decides which answers are too old
   */
  public IdempotencyStore(MasterKey masterKey, InstantSource clock) {
    this.masterKey = masterKey;
    this.clock = clock;
  }

  /**
   * Takes the key for this transaction, or finds the answer that was given under it.
   *
   * @throws ProblemException {@code IDEMPOTENCY_KEY_REUSED} if it was given to another request
   */
  Optional<Answer> begin(SqlConnection tx, IdempotencyKey key) {
    OffsetDateTime tooOld = clock.instant().minus(KEPT_FOR).atOffset(ZoneOffset.UTC);
    tx.preparedQuery(PURGE).execute(Tuple.of(tooOld)).await();
    Tuple taken = Tuple.of(key.caller(), key.value(), key.fingerprint());
    if (tx.preparedQuery(TAKE).execute(taken).await().rowCount() == 1) {
      return Optional.empty();
    }
    Row row =
        tx.preparedQuery(EARLIER)
            .execute(Tuple.of(key.caller(), key.value()))
            .await()
            .iterator()
            .next();
    if (!row.getString("fingerprint").equals(key.fingerprint())) {
      throw new ProblemException(
          Problem.IDEMPOTENCY_KEY_REUSED,
          "Idempotency-Key \"" + key.value() + "\" belongs to another request: use a fresh one");
    }
    byte[] answer = masterKey.open(row.getBuffer("answer").getBytes(), contextOf(key));
    return Optional.of(Answer.fromJson(new JsonObject(Buffer.buffer(answer))));
  }

  /** Keeps the answer, as the last statement of the transaction. */
  void keep(SqlConnection tx, IdempotencyKey key, Answer answer) {
    byte[] sealed = masterKey.seal(answer.toJson().toBuffer().getBytes(), contextOf(key));
    tx.preparedQuery(KEEP)
        .execute(Tuple.of(key.caller(), key.value(), Buffer.buffer(sealed)))
        .await();
  }

  private static String contextOf(IdempotencyKey key) {
    return "idempotency " + key.caller() + " " + key.value();
  }
}
