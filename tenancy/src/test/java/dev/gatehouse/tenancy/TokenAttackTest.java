package dev.gatehouse.tenancy;

import static dev.gatehouse.tenancy.Scene.ACME;
import static dev.gatehouse.tenancy.Scene.GLOBEX;
import static dev.gatehouse.tenancy.Scene.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gatehouse.contract.database.DatabaseTokenKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokens that somebody has made up, altered, kept or carried from elsewhere. */
@Timeout(120)
@ParameterizedClass
@MethodSource("dev.gatehouse.tenancy.Scene#all")
class TokenAttackTest {
  private static final String INVALID = "the token is not valid in this database";

  private final Scene scene;
  private final Connection app;

  TokenAttackTest(Scene scene) throws SQLException {
    this.scene = scene;
    this.app = scene.app();
    app.setAutoCommit(false);
  }

  @AfterEach
  void close() throws SQLException {
    app.close();
  }

  private void enter(@Nullable String token) throws SQLException {
    try (PreparedStatement statement = app.prepareStatement("SELECT tenancy.enter(?)")) {
      statement.setString(1, token);
      statement.execute();
    }
  }

  private void assertRefused(@Nullable String token, String why) throws SQLException {
    assertThatThrownBy(() -> enter(token)).as(String.valueOf(token)).hasMessageContaining(why);
    app.rollback();
    assertThatThrownBy(() -> query(app, "SELECT text FROM notes.note"))
        .hasMessageContaining("no tenant was entered");
    app.rollback();
  }

  @Test
  void aGenuineOneShowsTheTenantsRowsAndNoOthers() throws SQLException {
    enter(scene.token(ACME));

    assertThat(query(app, "SELECT tenancy.current_tenant()")).containsExactly(ACME.toString());
    assertThat(query(app, "SELECT text FROM notes.note ORDER BY id"))
        .containsExactly("acme 1", "acme 2", "acme 3");
  }

  @Test
  void noCharacterCanBeChanged() throws SQLException {
    String token = scene.token(ACME);
    for (int i = 0; i < token.length(); i++) {
      char other = token.charAt(i) == '0' ? '1' : '0';
      assertRefused(token.substring(0, i) + other + token.substring(i + 1), INVALID);
    }
  }

  @Test
  void nothingElseIsAToken() throws SQLException {
    String token = scene.token(ACME);
    for (String wrong :
        List.of(
            "",
            "gdt1",
            token + "0",
            token.substring(1),
            token.substring(0, token.length() - 1),
            " " + token,
            token.toUpperCase(Locale.ROOT),
            token.substring(0, 54),
            ACME.toString(),
            token.substring(0, 12) + GLOBEX.toString().replace("-", "") + token.substring(44),
            token.substring(0, 44) + "9999999999" + token.substring(54),
            token.replace('g', '\u0261'),
            "x".repeat(1_000_000),
            "' OR true --")) {
      assertRefused(wrong, INVALID);
    }
    assertRefused(null, INVALID);
  }

  @Test
  void aKeyThatSomebodyHasGuessedIsNoKey() throws SQLException {
    Instant soon = Instant.now().plus(Duration.ofMinutes(5));
    assertRefused(
        new DatabaseTokenKey("k0000001", Scene.secret(2), Scene.AUDIENCE).mint(ACME, soon),
        INVALID);
    assertRefused(
        new DatabaseTokenKey("k0000009", Scene.secret(1), Scene.AUDIENCE).mint(ACME, soon),
        INVALID);
  }

  @Test
  void aTokenForAnotherAudienceIsForeign() throws SQLException {
    Instant soon = Instant.now().plus(Duration.ofMinutes(5));

    assertRefused(
        new DatabaseTokenKey("k0000001", Scene.secret(1), "us-1").mint(ACME, soon), INVALID);
  }

  @Test
  void anExpiredOneIsRefusedAndSaysSince() throws SQLException {
    assertRefused(scene.key.mint(ACME, Instant.now().minusSeconds(1)), "the token ended at 20");
    assertRefused(scene.key.mint(ACME, Instant.EPOCH), "the token ended at 1970");
  }

  @Test
  void oneThatWasGoodIsRefusedOnceItHasEnded() throws SQLException {
    Instant end = Instant.now().plusSeconds(2);
    String token = scene.key.mint(ACME, end);
    enter(token);
    assertThat(query(app, "SELECT count(*) FROM notes.note")).containsExactly("3");
    app.commit();

    query(app, "SELECT pg_sleep_until(to_timestamp(" + end.getEpochSecond() + "))");
    app.rollback();
    assertRefused(token, "the token ended at");
  }

  @Test
  void aTransactionIsOfOneTenant() throws SQLException {
    enter(scene.token(ACME));
    enter(scene.token(ACME));

    assertThatThrownBy(() -> enter(scene.token(GLOBEX)))
        .hasMessageContaining("another tenant was entered in this transaction before");
  }

  @Test
  void keysOverlapAndADroppedOneIsGoneAtOnceInOpenSessionsToo() throws SQLException {
    DatabaseTokenKey next = new DatabaseTokenKey("k0000002", Scene.secret(2), Scene.AUDIENCE);
    String byNext = next.mint(ACME, Instant.now().plus(Duration.ofMinutes(5)));
    assertRefused(byNext, INVALID);

    scene.schema.putTokenKey(next.id(), Scene.secret(2), Scene.AUDIENCE);
    enter(byNext);
    app.commit();
    enter(scene.token(ACME));
    app.commit();

    assertThat(scene.schema.dropTokenKey(next.id())).isTrue();
    assertThat(scene.schema.dropTokenKey(next.id())).isFalse();
    assertRefused(byNext, INVALID);
    enter(scene.token(ACME));
  }

  @Test
  void theSealCanBeRenewedUnderOpenSessions() throws SQLException {
    assumeTrue(scene.keeping == Keeping.SEAL, "here tenants are not sealed");
    enter(scene.token(ACME));
    app.commit();

    try (Connection other = scene.inside(GLOBEX)) {
      assertThat(query(other, "SELECT count(*) FROM notes.note")).containsExactly("3");
      query(scene.superuser, "SELECT tenancy.renew_seal()");
      assertThatThrownBy(() -> query(other, "SELECT text FROM notes.note"))
          .as("what was entered before")
          .hasMessageContaining("no tenant was entered");
      other.rollback();
      scene.enter(other, GLOBEX);
      assertThat(query(other, "SELECT count(*) FROM notes.note")).containsExactly("3");
    }
    enter(scene.token(ACME));
    assertThat(query(app, "SELECT count(*) FROM notes.note")).containsExactly("3");
  }
}
