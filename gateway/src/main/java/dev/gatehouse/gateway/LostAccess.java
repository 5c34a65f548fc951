package dev.gatehouse.gateway;

import dev.gatehouse.gateway.authenticate.Credential;
import dev.gatehouse.gateway.authenticate.Principal;
import dev.gatehouse.gateway.authenticate.Withdrawal;
import dev.gatehouse.gateway.directory.LiveDirectory;
import dev.gatehouse.gateway.directory.TenantDirectory;
import dev.gatehouse.gateway.forward.Forwarder;
import dev.gatehouse.gateway.forward.UnderWay;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.residency.Entrance;
import dev.gatehouse.gateway.session.OpenSessions;
import dev.gatehouse.gateway.session.SessionRef;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Ends what is under way on one event loop for those who lost their access, and has it asked
 * whether the sessions still hold by which something has been open for a while. Belongs to that
 * event loop.
 */
final class LostAccess {
  /** What began later has just been asked for. */
  private static final long A_WHILE_NANOS = Duration.ofSeconds(1).toNanos();

  private final LiveDirectory directory;
  private final Identity identity;
  private final Entrance entrance;
  private final Forwarder forwarder;
  private long withdrawals;
  private long round;

  LostAccess(LiveDirectory directory, Identity identity, Entrance entrance, Forwarder forwarder) {
    this.directory = directory;
    this.identity = identity;
    this.entrance = entrance;
    this.forwarder = forwarder;
  }

  /** To be called again and again; costs nothing where nothing has happened. */
  void look() {
    withdraw();
    identity.openSessions().ifPresent(this::askFor);
  }

  private void withdraw() {
    long now = directory.withdrawals();
    if (now != withdrawals) {
      withdrawals = now;
      TenantDirectory current = directory.current();
      forwarder.revoke(request ->
          Withdrawal.of(request.tenant(), request.proofs(), current, identity::hasEnded)
              .or(() -> outOfBounds(request, current)));
    }
  }

  private Optional<Rejection> outOfBounds(UnderWay request, TenantDirectory current) {
    return current
        .byId(request.tenant().edge().id())
        .flatMap(tenant -> entrance.withdrawn(request.tenant(), tenant, request.address()));
  }

  private void askFor(OpenSessions sessions) {
    long now = sessions.round();
    if (now != round) {
      round = now;
      sessions.ask(openForAWhile());
    }
  }

  private Set<SessionRef> openForAWhile() {
    long nowNanos = System.nanoTime();
    return forwarder
        .underWay()
        .filter(request -> nowNanos - request.startNanos() > A_WHILE_NANOS)
        .flatMap(LostAccess::sessionsOf)
        .collect(Collectors.toSet());
  }

  private static Stream<SessionRef> sessionsOf(UnderWay request) {
    return request.proofs().stream()
        .map(Principal::credential)
        .filter(Credential.OfSession.class::isInstance)
        .map(credential -> ((Credential.OfSession) credential).session());
  }
}
