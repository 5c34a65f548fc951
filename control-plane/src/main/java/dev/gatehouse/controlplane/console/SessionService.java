package dev.gatehouse.controlplane.console;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.gatehouse.contract.audit.AuditChain;
import dev.gatehouse.controlplane.api.Caller;
import dev.gatehouse.controlplane.api.RequestOrigin;
import dev.gatehouse.controlplane.audit.Actor;
import dev.gatehouse.controlplane.audit.AuditRecord;
import dev.gatehouse.controlplane.audit.AuditService;
import dev.gatehouse.controlplane.database.Database;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** The rules of sessions: how long they last, and what ends them. */
public final class SessionService {
  /** How long a session lasts without a request that somebody made. */
  static final Duration IDLE = Duration.ofHours(1);

  /** How long it lasts at most. */
  static final Duration LONGEST = Duration.ofHours(12);

  /** How many one token has; a further one ends the oldest. */
  static final int MOST_OF_A_TOKEN = 20;

  private final SessionStore store = new SessionStore();
  private final Database database;
  private final AuditService audit;
  private final Function<String, Optional<Caller>> operators;
  private final Function<String, Optional<Caller>> users;
  private final InstantSource clock;

  /**
   * @param operators who holds the operator's token of an id; empty if it opens nothing any more
   * @param users the same for users' tokens
   * @param clock by which sessions end
   */
  public SessionService(
      Database database,
      AuditService audit,
      Function<String, Optional<Caller>> operators,
      Function<String, Optional<Caller>> users,
      InstantSource clock) {
    this.database = database;
    this.audit = audit;
    this.operators = operators;
    this.users = users;
    this.clock = clock;
  }

  /** A new session of somebody who has just shown a token. */
  SessionSecret open(Caller caller, RequestOrigin origin) {
    SessionSecret secret = SessionSecret.generate();
    UUID id = UuidCreator.getTimeOrderedEpoch();
    Instant now = clock.instant();
    database.runInTransaction(tx -> {
      store.insert(tx, id, secret, caller, origin, now);
      store.forget(tx, caller.tokenId(), MOST_OF_A_TOKEN, now, LONGEST);
      record(tx, "console.signIn", caller, origin, id);
    });
    return secret;
  }

  /**
   * Whose session it is; empty if it is over, or the token is.
   *
   * @param used whether somebody made the request, rather than a page that keeps itself new
   */
  Optional<Session> find(SessionSecret secret, boolean used) {
    Instant now = clock.instant();
    return database
        .withConnection(connection -> {
          Optional<SessionStore.Found> found = store.find(connection, secret, now, IDLE, LONGEST);
          found
              .filter(session -> used && session.stale())
              .ifPresent(session -> store.noteUse(connection, session.id(), now));
          return found;
        })
        .flatMap(found ->
            (found.ofUser() ? users : operators)
                .apply(found.token())
                .map(caller -> new Session(found.id(), secret, caller, found.notice())));
  }

  /** Says what the next page tells, or that it has told it. */
  void putNotice(Session session, Optional<String> notice) {
    database.runInTransaction(tx -> store.putNotice(tx, session.id(), notice));
  }

  /** Those of the same token. */
  List<Session.Shown> sessionsBeside(Session session) {
    return database.withConnection(connection ->
        store.ofToken(connection, session.caller().tokenId(), clock.instant(), IDLE, LONGEST));
  }

  /** Ends one of the caller's sessions. */
  void end(Caller caller, RequestOrigin origin, UUID id) {
    database.runInTransaction(tx -> {
      if (store.delete(tx, id, caller.tokenId())) {
        record(tx, "console.signOut", caller, origin, id);
      }
    });
  }

  /** Ends all of the caller's sessions, that of the request too. */
  void endAll(Caller caller, RequestOrigin origin) {
    database.runInTransaction(tx ->
        store
            .deleteAll(tx, caller.tokenId())
            .forEach(id -> record(tx, "console.signOut", caller, origin, id)));
  }

  private void record(
      SqlConnection tx, String action, Caller caller, RequestOrigin origin, UUID id) {
    audit.append(
        tx,
        AuditRecord.of(AuditChain.PLATFORM, action, Actor.of(caller), "console-session/" + id)
            .with("outcome", "done")
            .with("client", Map.of("address", origin.address(), "userAgent", origin.userAgent()))
            .with("requestId", origin.requestId()));
  }
}
