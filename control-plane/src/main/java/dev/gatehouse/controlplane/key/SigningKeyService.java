package dev.gatehouse.controlplane.key;

import com.google.crypto.tink.Aead;
import dev.gatehouse.contract.context.SigningKeys;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgeSigningKey;
import dev.gatehouse.contract.edge.EdgeSigningKey.Purpose;
import dev.gatehouse.controlplane.feed.EdgePublisher;
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
 * The life of the gateways' keys, of each purpose by itself. All changes happen under one lock in
 * the database, held until the transaction ends, and after a look at what is there, so that several
 * instances may do the same work at the same time: it is done once. Blocks: virtual threads only.
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
   * Does what is due: makes the first keys, makes successors in time, destroys keys whose time is
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
    List<SigningKey> all = store.list(tx);
    List<Change> changes = new ArrayList<>();
    for (Purpose purpose : Purpose.values()) {
      renew(tx, purpose, of(purpose, all), now).ifPresent(changes::add);
    }
    for (SigningKey key : all) {
      if (key.hasEnded(now)) {
        store.delete(tx, key.kid());
        publisher.remove(tx, EdgeObject.Kind.SIGNING_KEY, key.kid());
        changes.add(new Change("signing-key.destroy", key));
      }
    }
    changes.forEach(told);
  }

  /** Makes the key that is due, if one is. */
  private Optional<Change> renew(
      SqlConnection tx, Purpose purpose, List<SigningKey> keys, Instant now) {
    if (keys.isEmpty()) {
      return Optional.of(new Change("signing-key.create", create(tx, purpose, now, now).next()));
    }
    SigningKey newest = keys.getLast();
    Instant ahead = now.plus(config.publishAhead());
    return newest.signsFrom().plus(config.rotateEvery()).isAfter(ahead)
        ? Optional.empty()
        : Optional.of(new Change("signing-key.rotate", succeed(tx, newest, now, ahead).next()));
  }

  /**
   * Makes a successor of the newest key, which signs as soon as it has been published long enough.
   * A successor that waits to sign already is given back instead.
   *
   * @param purpose what the key is for; those for something else are left alone
   */
  Rotation rotate(SqlConnection tx, Purpose purpose) {
    store.lock(tx);
    Instant now = now();
    List<SigningKey> keys = of(purpose, store.list(tx));
    if (keys.isEmpty()) {
      return create(tx, purpose, now, now);
    }
    SigningKey newest = keys.getLast();
    return newest.signsFrom().isAfter(now)
        ? new Rotation(newest, OptionalLong.empty())
        : succeed(tx, newest, now, now.plus(config.publishAhead()));
  }

  /** All published keys by purpose, in the order in which they sign. */
  List<SigningKey> published(SqlConnection connection) {
    Instant now = now();
    return store.list(connection).stream().filter(key -> !key.hasEnded(now)).toList();
  }

  /** The JWKS document of all that is published. */
  public String jwks(SqlConnection connection) {
    return SigningKeys.publicJwks(
        published(connection).stream().flatMap(key -> key.publicJwk().stream()).toList());
  }

  /** The time by which this service decides. */
  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private Rotation succeed(SqlConnection tx, SigningKey last, Instant now, Instant signsFrom) {
    Instant end = signsFrom.plus(config.overlap());
    String lastJwk = store.end(tx, last.kid(), end);
    publisher.upsert(tx, told(last, lastJwk, end));
    return create(tx, last.purpose(), now, signsFrom);
  }

  private Rotation create(SqlConnection tx, Purpose purpose, Instant now, Instant signsFrom) {
    String jwk =
        switch (purpose) {
          case CONTEXT -> SigningKeys.generate();
          case MESSAGE -> dev.gatehouse.contract.signature.SigningKey.generateEd25519();
          case LOGIN -> SigningKeys.generateSecret();
        };
    SigningKey key =
        new SigningKey(
            SigningKeys.kidOf(jwk),
            purpose,
            SigningKeys.publicHalfOf(jwk),
            now,
            signsFrom,
            Optional.empty());
    store.insert(tx, key, jwk);
    long revision = publisher.upsert(tx, told(key, jwk, UNTIL_REPLACED));
    return new Rotation(key, OptionalLong.of(revision));
  }

  private static EdgeSigningKey told(SigningKey key, String jwk, Instant publishedUntil) {
    return new EdgeSigningKey(
        key.kid(), jwk, key.signsFrom(), publishedUntil, Optional.of(key.purpose()));
  }

  private static List<SigningKey> of(Purpose purpose, List<SigningKey> all) {
    return all.stream().filter(key -> key.purpose() == purpose).toList();
  }
}
