package dev.gatehouse.controlplane.user;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.gatehouse.controlplane.access.PlatformRole;
import dev.gatehouse.controlplane.api.Caller;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** The rules of users. Nobody gives or takes a role that may do more than they may. */
public final class UserService {
  private static final UUID BEFORE_ALL = new UUID(0, 0);

  private final UserStore store = new UserStore();

  /**
   * The user of this id.
   *
   * @throws ProblemException {@code USER_NOT_FOUND}
   */
  public User find(SqlConnection connection, UUID id) {
    return store.find(connection, id).orElseThrow(() -> notFound(id));
  }

  /**
   * The user of this id, whom no other transaction changes until this one ends.
   *
   * @throws ProblemException {@code USER_NOT_FOUND}
   */
  public User lock(SqlConnection tx, UUID id) {
    return store.lock(tx, id).orElseThrow(() -> notFound(id));
  }

  /**
   * The user of an identity, who is made where nobody knew the identity.
   *
   * @param identity issuer, subject, email and, if known, displayName
   */
  public User meet(SqlConnection tx, JsonObject identity) {
    return store.meet(
        tx,
        UuidCreator.getTimeOrderedEpoch(),
        identity.getString("issuer"),
        identity.getString("subject"),
        UserDraft.of(identity));
  }

  /** The user of an identity; empty if nobody knows it. */
  public Optional<User> findBySubject(SqlConnection connection, String issuer, String subject) {
    return store.findBySubject(connection, issuer, subject);
  }

  List<User> list(
      SqlConnection connection, Optional<String> email, Optional<String> after, int count) {
    return store.list(
        connection,
        email.map(text -> text.toLowerCase(Locale.ROOT)),
        after.map(UUID::fromString).orElse(BEFORE_ALL),
        count);
  }

  User create(SqlConnection tx, Caller caller, JsonObject body) {
    UserDraft draft = UserDraft.of(body);
    requireRole(caller, draft.platformRole());
    return store.insert(
        tx,
        UuidCreator.getTimeOrderedEpoch(),
        body.getString("issuer"),
        body.getString("subject"),
        draft);
  }

  User change(SqlConnection tx, Caller caller, User user, JsonObject wanted) {
    UserDraft draft = UserDraft.of(wanted);
    requireRole(caller, user.platformRole());
    requireRole(caller, draft.platformRole());
    return store.update(tx, user.id(), draft);
  }

  /** Memberships, tokens and open invitations of the user go with it. */
  void delete(SqlConnection tx, Caller caller, User user) {
    requireRole(caller, user.platformRole());
    store.delete(tx, user.id());
  }

  private static void requireRole(Caller caller, Optional<PlatformRole> role) {
    role.ifPresent(r -> caller.requireAll(r.permissions()));
  }

  private static ProblemException notFound(UUID id) {
    return new ProblemException(Problem.USER_NOT_FOUND, "no user has the id \"" + id + "\"");
  }
}
