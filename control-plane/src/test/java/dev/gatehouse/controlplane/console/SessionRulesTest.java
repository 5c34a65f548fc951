package dev.gatehouse.controlplane.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.controlplane.access.TokenService;
import dev.gatehouse.controlplane.api.Caller;
import dev.gatehouse.controlplane.api.Permission;
import dev.gatehouse.controlplane.api.RequestOrigin;
import dev.gatehouse.controlplane.audit.AuditService;
import dev.gatehouse.controlplane.feed.FeedDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What ends a session, by a clock that the test sets. */
@Timeout(60)
class SessionRulesTest {
  private static final RequestOrigin ORIGIN =
      new RequestOrigin("192.0.2.7", "a browser", "r-1", Optional.empty());

  private static FeedDatabase database;
  private static TokenService tokens;

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2030-01-01T00:00:00Z"));
  private final AtomicReference<UnaryOperator<Caller>> change =
      new AtomicReference<>(UnaryOperator.identity());
  private SessionService sessions;
  private Caller caller;

  @BeforeAll
  static void start() {
    database = new FeedDatabase();
    tokens = new TokenService(database.database(), InstantSource.system());
  }

  @AfterAll
  static void stop() {
    tokens.close();
    database.close();
  }

  @BeforeEach
  void signIn() {
    SecretToken secret = SecretToken.generate(SecretToken.Kind.OPERATOR);
    Optional<?> _ = tokens.bootstrap(Optional.of(secret), Optional.empty());
    caller = tokens.holderOf(secret).orElseThrow();
    sessions =
        new SessionService(
            database.database(),
            new AuditService(),
            id -> tokens.callerOf(id).map(found -> change.get().apply(found)),
            _ -> Optional.empty(),
            now::get);
  }

  private void later(Duration time) {
    now.updateAndGet(before -> before.plus(time));
  }

  private Optional<Session> use(SessionSecret secret) {
    return sessions.find(secret, true);
  }

  @Test
  void isOverAfterAnHourInWhichNobodyDidAnything() {
    SessionSecret used = sessions.open(caller, ORIGIN);
    SessionSecret idle = sessions.open(caller, ORIGIN);

    later(Duration.ofMinutes(59));
    assertThat(use(used)).isPresent();
    later(Duration.ofMinutes(59));

    assertThat(use(used)).isPresent();
    assertThat(use(idle)).isEmpty();
  }

  @Test
  void isNotKeptAliveByAPageThatKeepsItselfNew() {
    SessionSecret secret = sessions.open(caller, ORIGIN);
    for (int i = 0; i < 59; i++) {
      later(Duration.ofMinutes(1));
      assertThat(sessions.find(secret, false)).isPresent();
    }

    later(Duration.ofMinutes(1));

    assertThat(sessions.find(secret, false)).isEmpty();
  }

  @Test
  void isOverAfterTwelveHoursHoweverBusy() {
    SessionSecret secret = sessions.open(caller, ORIGIN);
    for (int i = 0; i < 23; i++) {
      later(Duration.ofMinutes(30));
      assertThat(use(secret)).isPresent();
    }

    later(Duration.ofMinutes(30));

    assertThat(use(secret)).isEmpty();
    assertThat(sessions.find(secret, false)).isEmpty();
  }

  @Test
  void endsTheOldestWhereATokenHasTwentyAndNoneOfAnotherToken() {
    SecretToken another = SecretToken.generate(SecretToken.Kind.OPERATOR);
    Optional<?> _ = tokens.bootstrap(Optional.of(another), Optional.empty());
    SessionSecret others = sessions.open(tokens.holderOf(another).orElseThrow(), ORIGIN);
    List<SessionSecret> own = new ArrayList<>();
    for (int i = 0; i < SessionService.MOST_OF_A_TOKEN; i++) {
      own.add(sessions.open(caller, ORIGIN));
    }
    assertThat(own).allMatch(secret -> use(secret).isPresent());

    own.add(sessions.open(caller, ORIGIN));

    assertThat(use(own.getFirst())).isEmpty();
    assertThat(own.subList(1, own.size())).allMatch(secret -> use(secret).isPresent());
    assertThat(sessions.sessionsBeside(use(own.getLast()).orElseThrow()))
        .hasSize(SessionService.MOST_OF_A_TOKEN);
    assertThat(use(others)).isPresent();
  }

  @Test
  void isOverTheMomentItsTokenIsRevoked() {
    SessionSecret secret = sessions.open(caller, ORIGIN);
    assertThat(use(secret)).isPresent();

    database.execute("DELETE FROM access_token WHERE id = $1", caller.tokenId());

    assertThat(use(secret)).isEmpty();
    assertThat(
            database.queryLong(
                "SELECT count(*) FROM console_session WHERE operator_token = $1", caller.tokenId()))
        .isZero();
  }

  @Test
  void isOverWhenItsTokenOpensNothingAnyMoreThoughItIsStillThere() {
    SessionSecret secret = sessions.open(caller, ORIGIN);

    database.execute(
        "UPDATE access_token SET expires_at = now() - interval '1 second' WHERE id = $1",
        caller.tokenId());

    assertThat(use(secret)).isEmpty();
  }

  @Test
  void hasTheRightsThatItsTokenHasNowNotThoseOfTheSignIn() {
    SessionSecret secret = sessions.open(caller, ORIGIN);
    assertThat(use(secret).orElseThrow().caller().may(Permission.TENANTS_DELETE)).isTrue();

    change.set(found ->
        new Caller(
            found.tokenId(),
            found.name(),
            found.user(),
            found.platformRole(),
            Set.of(Permission.TENANTS_READ),
            found.bounds()));

    Caller narrowed = use(secret).orElseThrow().caller();
    assertThat(narrowed.may(Permission.TENANTS_READ)).isTrue();
    assertThat(narrowed.may(Permission.TENANTS_DELETE)).isFalse();
  }

  @Test
  void isEndedByItsOwnTokenAlone() {
    SecretToken another = SecretToken.generate(SecretToken.Kind.OPERATOR);
    Optional<?> _ = tokens.bootstrap(Optional.of(another), Optional.empty());
    SessionSecret secret = sessions.open(caller, ORIGIN);
    Session session = use(secret).orElseThrow();

    sessions.end(tokens.holderOf(another).orElseThrow(), ORIGIN, session.id());
    assertThat(use(secret)).isPresent();

    sessions.end(caller, ORIGIN, session.id());
    assertThat(use(secret)).isEmpty();
  }

  @Test
  void endsEverywhereAtOnceAndWritesEachDown() {
    SessionSecret here = sessions.open(caller, ORIGIN);
    SessionSecret there = sessions.open(caller, ORIGIN);
    long before = signOuts();

    sessions.endAll(caller, ORIGIN);

    assertThat(use(here)).isEmpty();
    assertThat(use(there)).isEmpty();
    assertThat(signOuts()).isEqualTo(before + 2);
  }

  @Test
  void cannotBeFoundByWhatTheDatabaseHolds() {
    SessionSecret secret = sessions.open(caller, ORIGIN);

    assertThat(
            database.queryLong(
                "SELECT count(*) FROM console_session WHERE position($1 in hash::text) > 0",
                secret.reveal()))
        .isZero();
    assertThat(SessionSecret.parse(secret.reveal() + "A")).isEmpty();
    assertThat(secret.toString()).doesNotContain(secret.reveal());
  }

  private static long signOuts() {
    return database.queryLong(
        "SELECT count(*) FROM audit.entry WHERE entry LIKE '%console.signOut%'");
  }
}
