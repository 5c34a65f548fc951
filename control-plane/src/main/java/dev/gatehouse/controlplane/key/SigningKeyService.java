package dev.gatehouse.controlplane.key;

import com.google.crypto.tink.Aead;
import dev.gatehouse.contract.context.SigningKeys;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgeSigningKey;
import dev.gatehouse.controlplane.feed.EdgePublisher;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * The life of signing keys. All changes happen under one lock in the database, held until the
 * transaction ends, and after a look at what is there, so that several instances may do the same
 * work at the same time: it is done once. Blocks: virtual threads only.
 */
public final class SigningKeyService {
  /** What gateways are told while a key has no successor. */
  private static final Instant UNTIL_REPLACED = Instant.parse("9999-12-31T23:59:59Z");

  private final SigningKeyStore store;
  private final EdgePublisher publisher;
  private final SigningKeyConfig config;
  private final InstantSource clock;

  /**
   * @param masterKey seals the private keys at rest
   * @param clock decides what is due
   */
  public SigningKeyService(
      EdgePublisher publisher, Aead masterKey, SigningKeyConfig config, InstantSource clock) {
    this.store = new SigningKeyStore(masterKey);
    this.publisher = publisher;
    this.config = config;
    this.clock = clock;
  }

  /** Something that was due and is done, for the audit trail. */
  record Change(String action, SigningKey key) {}

  /** The outcome of {@link #rotate}: the next key, and the revision that told the gateways. */
  record Rotation(SigningKey next, OptionalLong revision) {}

  /**
   * Does what is due: makes the first key, makes a successor in time, destroys keys whose time is
   * over. Does nothing if nothing is due.
   */
  void maintain(SqlConnection tx) {
    maintain(tx, _ -> {});
  }

  /**
   * The same.
   *
   * @param told of each key that was made or destroyed, when all of it is done
   */
  void maintain(SqlConnection tx, Consumer<Change> told) {
    store.lock(tx);
    Instant now = now();
    List<SigningKey> keys = store.list(tx);
    if (keys.isEmpty()) {
      told.accept(new Change("signing-key.create", create(tx, now, now).next()));
      return;
    }
    List<Change> changes = new ArrayList<>();
    List<SigningKey> ended = keys.stream().filter(key -> key.hasEnded(now)).toList();
    ended.forEach(key -> store.delete(tx, key.kid()));
    SigningKey newest = keys.getLast();
    Instant due = newest.signsFrom().plus(config.rotateEvery());
    Instant ahead = now.plus(config.publishAhead());
    if (!due.isAfter(ahead)) {
      changes.add(new Change("signing-key.rotate", succeed(tx, newest, now, ahead).next()));
    }
    for (SigningKey key : ended) {
      publisher.remove(tx, EdgeObject.Kind.SIGNING_KEY, key.kid());
      changes.add(new Change("signing-key.destroy", key));
    }
    changes.forEach(told);
  }

  /**
   * Makes a successor of the newest key, which signs as soon as it has been published long enough.
   * A successor that waits to sign already is given back instead.
   */
  Rotation rotate(SqlConnection tx) {
    store.lock(tx);
    Instant now = now();
    List<SigningKey> keys = store.list(tx);
    if (keys.isEmpty()) {
      return create(tx, now, now);
    }
    SigningKey newest = keys.getLast();
    return newest.signsFrom().isAfter(now)
        ? new Rotation(newest, OptionalLong.empty())
        : succeed(tx, newest, now, now.plus(config.publishAhead()));
  }

  /** All published keys, in the order in which they sign. */
  List<SigningKey> published(SqlConnection connection) {
    Instant now = now();
    return store.list(connection).stream().filter(key -> !key.hasEnded(now)).toList();
  }

  /** The time by which this service decides. */
  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private Rotation succeed(SqlConnection tx, SigningKey last, Instant now, Instant signsFrom) {
    Instant end = signsFrom.plus(config.overlap());
    String lastJwk = store.end(tx, last.kid(), end);
    publisher.upsert(tx, new EdgeSigningKey(last.kid(), lastJwk, last.signsFrom(), end));
    return create(tx, now, signsFrom);
  }

  private Rotation create(SqlConnection tx, Instant now, Instant signsFrom) {
    String jwk = SigningKeys.generate();
    SigningKey key =
        new SigningKey(SigningKeys.kidOf(jwk), publicHalfOf(jwk), now, signsFrom, Optional.empty());
    store.insert(tx, key, jwk);
    long revision =
        publisher.upsert(tx, new EdgeSigningKey(key.kid(), jwk, signsFrom, UNTIL_REPLACED));
    return new Rotation(key, OptionalLong.of(revision));
  }

  private static String publicHalfOf(String jwk) {
    return new JsonObject(SigningKeys.publicJwks(List.of(jwk)))
        .getJsonArray("keys")
        .getJsonObject(0)
        .encode();
  }
}
