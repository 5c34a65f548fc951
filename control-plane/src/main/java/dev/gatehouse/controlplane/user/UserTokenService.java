package dev.gatehouse.controlplane.user;

import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.controlplane.access.Expiry;
import dev.gatehouse.controlplane.access.LastUse;
import dev.gatehouse.controlplane.access.PlatformRole;
import dev.gatehouse.controlplane.api.Caller;
import dev.gatehouse.controlplane.api.Permission;
import dev.gatehouse.controlplane.api.Permissions;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.api.TokenBounds;
import dev.gatehouse.controlplane.database.Database;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/** The rules of the tokens by which users call the API. */
public final class UserTokenService implements AutoCloseable {
  private static final int MAX_PER_USER = 50;
  private static final Duration DEFAULT_LIFE = Duration.ofDays(90);
  private static final Duration LONGEST_LIFE = Duration.ofDays(366);

  private final UserTokenStore store = new UserTokenStore();
  private final UserService users;
  private final Database database;
  private final InstantSource clock;
  private final LastUse lastUse;

  /**
   * Starts to note when tokens are used.
   *
   * @param clock decides which tokens have expired
   */
  public UserTokenService(UserService users, Database database, InstantSource clock) {
    this.users = users;
    this.database = database;
    this.clock = clock;
    this.lastUse = LastUse.start(database, store::noteUse, clock);
  }

  /** A new token and its secret, which is known here and now only. */
  record Issued(UserToken token, SecretToken secret) {}

  /** Whose token it is; empty if it opens nothing. */
  public Optional<Caller> holderOf(SecretToken secret) {
    return callerOf(secret.id(), holder -> secret.matches(holder.hash()));
  }

  /** Whose the token of an id is, which was shown before; empty if it is over. */
  public Optional<Caller> callerOf(String id) {
    return callerOf(id, _ -> true);
  }

  private Optional<Caller> callerOf(String id, Predicate<UserTokenStore.Holder> proof) {
    Optional<UserTokenStore.Holder> found =
        database
            .withConnection(connection -> store.holder(connection, id))
            .filter(proof)
            .filter(holder -> !holder.bounds().isOver(clock.instant()));
    found.ifPresent(_ -> lastUse.note(id));
    return found.map(holder -> callerOf(id, holder));
  }

  /** A token that a user makes; it lives no longer than the one that the user calls with. */
  Issued issueOwn(SqlConnection tx, Caller caller, JsonObject body) {
    UUID user = caller.requireUser();
    TokenBounds bounds = boundsIn(body, caller.bounds().expiresAt());
    if (!caller.bounds().hold(bounds)) {
      throw new ProblemException(
          Problem.FORBIDDEN,
          "no token makes one that lives longer than itself, this one expires at "
              + caller.bounds().expiresAt().orElseThrow());
    }
    return issue(tx, user, body, bounds);
  }

  /** A token that the platform makes for a user: it may do no more than the caller may. */
  Issued issueFor(SqlConnection tx, Caller caller, UUID user, JsonObject body) {
    TokenBounds bounds = boundsIn(body, Optional.empty());
    caller.requireAll(bounds.scopes().orElse(Set.copyOf(EnumSet.allOf(Permission.class))));
    return issue(tx, user, body, bounds);
  }

  List<UserToken> list(SqlConnection connection, UUID user, Optional<String> after, int count) {
    return store.list(connection, user, after.orElse(""), count);
  }

  void revoke(SqlConnection tx, UUID user, String id) {
    if (!store.delete(tx, user, id)) {
      throw new ProblemException(
          Problem.TOKEN_NOT_FOUND, "the user has no token of the id \"" + id + "\"");
    }
  }

  private Issued issue(SqlConnection tx, UUID user, JsonObject body, TokenBounds bounds) {
    User _ = users.lock(tx, user);
    store.forgetExpired(tx, user);
    if (store.count(tx, user) >= MAX_PER_USER) {
      throw new ProblemException(
          Problem.TOO_MANY_TOKENS, "a user can have at most " + MAX_PER_USER + " tokens");
    }
    SecretToken secret = SecretToken.generate(SecretToken.Kind.USER);
    return new Issued(store.insert(tx, user, secret, body.getString("name"), bounds), secret);
  }

  private TokenBounds boundsIn(JsonObject body, Optional<Instant> latest) {
    Instant now = clock.instant();
    Duration byDefault =
        latest
            .map(instant -> Duration.between(now, instant))
            .filter(left -> left.compareTo(DEFAULT_LIFE) < 0)
            .orElse(DEFAULT_LIFE);
    return new TokenBounds(
        Optional.ofNullable(body.getJsonArray("scopes"))
            .map(scopes -> Permissions.read(scopes, "/scopes")),
        Optional.of(Expiry.within(body, byDefault, LONGEST_LIFE, now)));
  }

  private static Caller callerOf(String tokenId, UserTokenStore.Holder holder) {
    Set<Permission> permissions =
        holder.platformRole().map(PlatformRole::permissions).orElse(Set.of());
    return new Caller(
        tokenId,
        holder.email(),
        Optional.of(holder.user()),
        holder.platformRole().map(PlatformRole::wireName),
        holder.bounds().narrow(permissions),
        holder.bounds());
  }

  /** Writes when tokens were used last. */
  @Override
  public void close() {
    lastUse.close();
  }
}
