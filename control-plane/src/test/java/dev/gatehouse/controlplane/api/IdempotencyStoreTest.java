package dev.gatehouse.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.controlplane.feed.FeedDatabase;
import dev.gatehouse.controlplane.secret.MasterKey;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class IdempotencyStoreTest {
  private static final Answer ANSWER = Answer.ok(new JsonObject().put("secret", "s3cr3t"));

  private final FeedDatabase database = new FeedDatabase();
  private Instant now = Instant.now();
  private final IdempotencyStore store =
      new IdempotencyStore(
          MasterKey.parse(Base64.getEncoder().encodeToString(new byte[32])), () -> now);

  @AfterEach
  void stop() {
    database.close();
  }

  @Test
  void remembersAnAnswerForLessThanADay() {
    keep("key");
    now = now.plus(Duration.ofHours(23));

    assertThat(begin("key")).contains(ANSWER);
  }

  @Test
  void forgetsAnAnswerAfterADay() {
    keep("key");
    keep("another");
    now = now.plus(Duration.ofHours(25));

    assertThat(begin("key")).isEmpty();
    assertThat(database.queryLong("SELECT count(*) FROM idempotency_key WHERE answer IS NOT NULL"))
        .isZero();
  }

  @Test
  void keepsNoSecretInClear() {
    keep("key");

    assertThat(
            database.queryLong(
                """
                SELECT count(*) FROM idempotency_key
                 WHERE position('s3cr3t'::bytea IN answer) > 0
                """))
        .isZero();
  }

  private Optional<Answer> begin(String key) {
    return database.inTransaction(tx -> store.begin(tx, named(key)));
  }

  private void keep(String key) {
    database
        .database()
        .runInTransaction(tx -> {
          assertThat(store.begin(tx, named(key))).isEmpty();
          store.keep(tx, named(key), ANSWER);
        });
  }

  private static IdempotencyKey named(String key) {
    return new IdempotencyKey("caller", key, "fingerprint");
  }
}
