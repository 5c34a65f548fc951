package dev.gatehouse.controlplane.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.contract.context.SigningKeys;
import dev.gatehouse.contract.edge.EdgeSigningKey;
import dev.gatehouse.contract.edge.EdgeSigningKey.Purpose;
import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.feed.EdgePublisher;
import dev.gatehouse.controlplane.feed.FeedDatabase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class SigningKeyServiceTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final SigningKeyConfig CONFIG = SigningKeyConfig.DEFAULT;

  private final FeedDatabase database = new FeedDatabase();
  private final Queue<EdgeSigningKey> published = new ConcurrentLinkedQueue<>();
  private volatile Instant now = START;
  private final SigningKeyService service = newInstance();
  private final SigningKeyRoutes routes = new SigningKeyRoutes(service);

  @AfterEach
  void stop() {
    database.close();
  }

  /** Another instance of the control plane, on the same database. */
  private SigningKeyService newInstance() {
    return new SigningKeyService(new Remembering(), database.masterKey(), CONFIG, () -> now);
  }

  /** Publishes, and remembers what gateways are told. */
  private final class Remembering implements EdgePublisher {
    @Override
    public long upsert(SqlConnection tx, dev.gatehouse.contract.edge.EdgeObject object) {
      published.add((EdgeSigningKey) object);
      return database.publisher().upsert(tx, object);
    }

    @Override
    public long remove(
        SqlConnection tx, dev.gatehouse.contract.edge.EdgeObject.Kind kind, String key) {
      return database.publisher().remove(tx, kind, key);
    }

    @Override
    public void retellSecrets(SqlConnection tx, java.util.UUID tenant) {
      database.publisher().retellSecrets(tx, tenant);
    }
  }

  private void maintain(SigningKeyService instance) {
    database.database().runInTransaction(instance::maintain);
  }

  private Answer rotate() {
    return rotate(Purpose.CONTEXT);
  }

  private Answer rotate(Purpose purpose) {
    return database.inTransaction(tx -> routes.rotate(tx, purpose));
  }

  private JsonObject list() {
    return database.database().withConnection(routes::list);
  }

  private List<String> states() {
    return states(Purpose.CONTEXT);
  }

  private List<String> states(Purpose purpose) {
    return list().getJsonArray("items").stream()
        .map(JsonObject.class::cast)
        .filter(item -> item.getString("purpose").equals(purpose.wireName()))
        .map(item -> item.getString("state"))
        .toList();
  }

  private long keysInTheFeed() {
    return database.queryLong(
        """
        SELECT count(*) FROM edge_object
         WHERE kind = 'signing-key' AND NOT removed AND payload ->> 'purpose' IS NULL
        """);
  }

  @Test
  void makesOneFirstKeyOfEachPurposeAlthoughManyInstancesStartAtOnce() throws Exception {
    List<Future<?>> instances = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 16; i++) {
        instances.add(threads.submit(() -> maintain(newInstance())));
      }
      for (Future<?> instance : instances) {
        instance.get();
      }
    }

    for (Purpose purpose : Purpose.values()) {
      assertThat(states(purpose)).containsExactly("signing");
    }
    assertThat(published)
        .extracting(EdgeSigningKey::use)
        .containsExactlyInAnyOrder(Purpose.values());
  }

  @Test
  void changesNothingWhileNothingIsDue() {
    maintain(service);
    now = START.plus(CONFIG.rotateEvery()).minus(CONFIG.publishAhead()).minusSeconds(1);

    maintain(service);

    assertThat(states()).containsExactly("signing");
    assertThat(database.queryLong("SELECT revision FROM edge_revision")).isEqualTo(3);
  }

  @Test
  void publishesThenSignsThenRetiresThenDestroys() {
    maintain(service);
    now = START.plus(CONFIG.rotateEvery()).minus(CONFIG.publishAhead());
    maintain(service);
    assertThat(states()).containsExactly("signing", "published");

    now = START.plus(CONFIG.rotateEvery());
    maintain(service);
    assertThat(states()).containsExactly("retiring", "signing");
    assertThat(keysInTheFeed()).isEqualTo(2);

    now = START.plus(CONFIG.rotateEvery()).plus(CONFIG.overlap());
    maintain(service);
    assertThat(states()).containsExactly("signing");
    assertThat(keysInTheFeed()).isEqualTo(1);
    assertThat(database.queryLong("SELECT count(*) FROM signing_key")).isEqualTo(3);
  }

  @Test
  void keepsKeysOfAllPurposesInTheSameWay() {
    maintain(service);
    now = START.plus(CONFIG.rotateEvery()).minus(CONFIG.publishAhead());
    maintain(service);
    for (Purpose purpose : Purpose.values()) {
      assertThat(states(purpose)).containsExactly("signing", "published");
    }

    now = START.plus(CONFIG.rotateEvery()).plus(CONFIG.overlap());
    maintain(service);

    for (Purpose purpose : Purpose.values()) {
      assertThat(states(purpose)).containsExactly("signing");
    }
  }

  @ParameterizedTest
  @EnumSource(Purpose.class)
  void rotatesOnDemandTheKeysOfOnePurpose(Purpose purpose) {
    maintain(service);

    JsonObject next = rotate(purpose).body().orElseThrow();

    assertThat(next.getString("purpose")).isEqualTo(purpose.wireName());
    for (Purpose each : Purpose.values()) {
      assertThat(states(each)).hasSize(each == purpose ? 2 : 1).startsWith("signing");
    }
  }

  @Test
  void neverDestroysAKeyWithoutASuccessorOfItsPurpose() {
    maintain(service);
    now = START.plusSeconds(1);
    rotate(Purpose.MESSAGE);
    now = now.plus(CONFIG.publishAhead()).plus(CONFIG.overlap());
    maintain(service);

    assertThat(states(Purpose.MESSAGE)).containsExactly("signing");
    assertThat(states(Purpose.LOGIN)).containsExactly("signing");
    assertThat(states(Purpose.CONTEXT)).containsExactly("signing");
  }

  @Test
  void tellsGatewaysThatThePredecessorIsPublishedForTheOverlap() {
    maintain(service);
    now = START.plusSeconds(60);
    rotate();

    List<EdgeSigningKey> told =
        published.stream().filter(key -> key.use() == Purpose.CONTEXT).toList();
    Instant handover = now.plus(CONFIG.publishAhead());
    assertThat(told).hasSize(3);
    assertThat(told.get(1).kid()).isEqualTo(told.get(0).kid());
    assertThat(told.get(1).jwk()).isEqualTo(told.get(0).jwk());
    assertThat(told.get(1).publishedUntil()).isEqualTo(handover.plus(CONFIG.overlap()));
    assertThat(told.get(2).signsFrom()).isEqualTo(handover);
  }

  @Test
  void publishesAheadEvenWhenTheRotationIsLate() {
    maintain(service);
    now = START.plus(Duration.ofDays(90));
    maintain(service);

    assertThat(states()).containsExactly("signing", "published");
  }

  @Test
  void rotatesOnceForTwoRequests() {
    maintain(service);

    Answer first = rotate();
    Answer second = rotate();

    assertThat(first.revision()).hasValue(5);
    assertThat(second.revision()).isEmpty();
    assertThat(second.body().orElseThrow().getString("kid"))
        .isEqualTo(first.body().orElseThrow().getString("kid"));
    assertThat(states()).containsExactly("signing", "published");
  }

  @Test
  void rotatesOnceAlthoughManyInstancesFindItDue() throws Exception {
    maintain(service);
    now = START.plus(CONFIG.rotateEvery());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> instances = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        instances.add(threads.submit(() -> maintain(newInstance())));
      }
      for (Future<?> instance : instances) {
        instance.get();
      }
    }

    assertThat(states()).containsExactly("signing", "published");
  }

  @Test
  void showsNoPrivatePart() {
    maintain(service);

    JsonArray shown = list().getJsonArray("items");

    assertThat(shown.getJsonObject(0).getJsonObject("publicKey").fieldNames())
        .contains("x", "y", "kid")
        .doesNotContain("d");
    assertThat(shown.getJsonObject(1).getString("purpose")).isEqualTo("login");
    assertThat(shown.getJsonObject(1).fieldNames()).doesNotContain("publicKey");
    assertThat(shown.getJsonObject(2).getJsonObject("publicKey").fieldNames())
        .contains("x", "kid", "crv")
        .doesNotContain("d");
  }

  @Test
  void keepsNoPrivatePartInClearInAnyTable() {
    maintain(service);
    rotate();
    List<String> secrets = new ArrayList<>();
    for (EdgeSigningKey key : published) {
      JsonObject jwk = new JsonObject(key.jwk());
      secrets.add(jwk.getString(key.use() == Purpose.LOGIN ? "k" : "d"));
    }

    String dump = dumpOfAllTables();

    assertThat(dump).contains(published.element().kid());
    assertThat(secrets).isNotEmpty().noneMatch(dump::contains);
    for (String secret : secrets) {
      String hex =
          java.util.HexFormat.of()
              .formatHex(secret.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      assertThat(dump).doesNotContain(hex);
    }
  }

  private String dumpOfAllTables() {
    StringBuilder dump = new StringBuilder();
    for (Row table :
        database
            .pool()
            .query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            .execute()
            .await()) {
      String sql = "SELECT t::text FROM \"%s\" t".formatted(table.getString(0));
      database.pool().query(sql).execute().await().forEach(row -> dump.append(row.getString(0)));
    }
    return dump.toString();
  }

  @Test
  void refusesASealedKeyInThePlaceOfAnother() {
    maintain(service);
    rotate();
    database.execute(
        """
        UPDATE signing_key SET sealed_jwk =
          (SELECT sealed_jwk FROM signing_key WHERE published_until IS NOT NULL)
         WHERE published_until IS NULL AND purpose = 'context'
        """);
    now = START.plus(Duration.ofDays(31));

    assertThatThrownBy(this::rotate)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("another master key");
    assertThat(database.queryLong("SELECT count(*) FROM signing_key")).isEqualTo(4);
  }

  @Test
  void publishesTheKeysThatVerify() {
    maintain(service);
    rotate();

    String document =
        SigningKeys.publicJwks(
            database.database().withConnection(service::published).stream()
                .flatMap(key -> key.publicJwk().stream())
                .toList());

    JsonArray keys = new JsonObject(document).getJsonArray("keys");
    assertThat(keys)
        .extracting(key -> ((JsonObject) key).getString("kty"))
        .containsExactly("EC", "EC", "OKP");
    assertThat(document).doesNotContain("\"d\"").doesNotContain("oct");
  }
}
