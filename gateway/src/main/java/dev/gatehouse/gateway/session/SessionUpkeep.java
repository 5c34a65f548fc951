package dev.gatehouse.gateway.session;

import dev.gatehouse.gateway.authenticate.jwt.TenantIssuers;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets sessions last that are used, and asks for them again where they were begun when it is time,
 * one gateway at once. Any thread.
 */
final class SessionUpkeep {
  /** How long one gateway may take to ask a provider again, before another may try. */
  private static final Duration REFRESH_AT_MOST = Duration.ofSeconds(10);

  /** For a session that is being refreshed it is looked so often, with such a pause. */
  private static final int LOOKS = 8;

  private static final Duration LOOK_EVERY = Duration.ofMillis(250);

  /** For so long a session holds whose provider cannot be asked. */
  private static final Duration MOST_OVERDUE = Duration.ofMinutes(10);

  private static final Logger LOG = LoggerFactory.getLogger(SessionUpkeep.class);

  private final SessionStore store;
  private final SessionRefresh refresh;
  private final InstantSource clock;

  /**
   * @param refresh asks providers again
   */
  SessionUpkeep(SessionStore store, SessionRefresh refresh, InstantSource clock) {
    this.store = store;
    this.refresh = refresh;
    this.clock = clock;
  }

  /**
   * A session is used.
   *
   * @param session as it was found
   * @return as it is now; empty if it has ended; fails if that cannot be asked
   */
  Future<Optional<Session>> used(TenantIssuers issuers, SessionRef ref, Session session) {
    return session.isStale(clock.instant())
        ? refreshed(issuers, ref, session)
        : store
            .touch(ref.tenant(), ref.digest(), Sessions.idleOf(issuers, session))
            .map(there -> there ? Optional.of(session) : Optional.empty());
  }

  private Future<Optional<Session>> refreshed(
      TenantIssuers issuers, SessionRef ref, Session session) {
    UUID tenant = ref.tenant();
    return store
        .takeRefresh(tenant, ref.digest(), REFRESH_AT_MOST)
        .compose(mine ->
            mine
                ? refresh
                    .refresh(tenant, issuers, session)
                    .compose(now ->
                        store
                            .replace(ref, now, Sessions.idleOf(issuers, now))
                            .map(Optional.of(now)))
                    .recover(failure -> notRefreshed(ref, session, failure))
                : refreshedElsewhere(ref, session, LOOKS));
  }

  /** Another request, or another gateway, asks at this moment, or has just asked in vain. */
  private Future<Optional<Session>> refreshedElsewhere(SessionRef ref, Session session, int looks) {
    return store
        .pause(LOOK_EVERY)
        .compose(_ -> store.find(ref))
        .compose(found ->
            found.isEmpty() || !found.get().isStale(clock.instant())
                ? Future.succeededFuture(found)
                : looks > 1 ? refreshedElsewhere(ref, session, looks - 1) : overdue(session));
  }

  private Future<Optional<Session>> notRefreshed(
      SessionRef ref, Session session, Throwable failure) {
    if (failure instanceof SessionRefresh.EndedException) {
      return store.end(ref.tenant(), ref.digest()).map(Optional.empty());
    }
    LOG.warn("a session's provider cannot be asked: {}", failure.toString());
    return overdue(session);
  }

  /** Holds for a while: a provider that is down does not log everybody out. */
  private Future<Optional<Session>> overdue(Session session) {
    Instant now = clock.instant();
    return now.isBefore(session.refreshAt().plus(MOST_OVERDUE))
        ? Future.succeededFuture(Optional.of(session.refreshingAt(now.plus(Sessions.BELIEVED_FOR))))
        : Future.failedFuture("its provider could not be asked for " + MOST_OVERDUE);
  }
}
