package dev.gatehouse.controlplane.access;

import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.controlplane.api.Caller;
import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.GatewayNames;
import dev.gatehouse.controlplane.api.Permission;
import dev.gatehouse.controlplane.api.Permissions;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.api.TokenBounds;
import dev.gatehouse.controlplane.database.Database;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The rules of the tokens that open the control plane to operators and gateways. */
public final class TokenService implements AutoCloseable {
  private static final int MAX_OF_A_KIND = 1000;

  private final TokenStore store = new TokenStore();
  private final Database database;
  private final InstantSource clock;
  private final LastUse lastUse;

  /**
   * Starts to note when tokens are used.
   *
   * @param clock decides which tokens have expired
   */
  public TokenService(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
    this.lastUse = LastUse.start(database, store::noteUse, clock);
  }

  /**
   * A new token.
   *
   * @param secret is known here and now only
   * @param previousUntil when the one that it succeeds ends; empty if it succeeds none
   */
  record Issued(Token token, SecretToken secret, Optional<Instant> previousUntil) {
    JsonObject toJson() {
      return Rotation.reveal(token.toJson(), secret, previousUntil);
    }
  }

  /** Who holds the token; empty if it opens nothing. */
  public Optional<Caller> holderOf(SecretToken secret) {
    Optional<Token> found =
        database
            .withConnection(connection -> store.find(connection, secret.id()))
            .filter(token -> token.kind() == secret.kind() && secret.matches(token.hash()))
            .filter(token -> !token.bounds().isOver(clock.instant()));
    found.ifPresent(token -> lastUse.note(token.id()));
    return found.map(Token::caller);
  }

  /** Who holds the operator's token of an id, which was shown before; empty if it is over. */
  public Optional<Caller> callerOf(String id) {
    Optional<Token> found =
        database
            .withConnection(connection -> store.find(connection, id))
            .filter(token -> token.kind() == SecretToken.Kind.OPERATOR)
            .filter(token -> !token.bounds().isOver(clock.instant()));
    found.ifPresent(token -> lastUse.note(token.id()));
    return found.map(Token::caller);
  }

  /**
   * Makes sure that there is a way in: the given tokens, or, at the very first start, new ones.
   *
   * @return the new ones
   */
  public Optional<FirstTokens> bootstrap(
      Optional<SecretToken> operator, Optional<SecretToken> gateway) {
    return database.inTransaction(tx -> {
      store.lock(tx);
      operator.ifPresent(secret -> putLasting(tx, secret, "bootstrap operator"));
      gateway.ifPresent(secret -> putLasting(tx, secret, "bootstrap gateway"));
      if (store.count(tx, SecretToken.Kind.OPERATOR) > 0) {
        return Optional.empty();
      }
      SecretToken first = SecretToken.generate(SecretToken.Kind.OPERATOR);
      SecretToken second = SecretToken.generate(SecretToken.Kind.GATEWAY);
      putLasting(tx, first, "first operator");
      putLasting(tx, second, "first gateway");
      return Optional.of(new FirstTokens(first.reveal(), second.reveal()));
    });
  }

  /** Names of the tokens among these that exist, by their ids. */
  public Map<String, String> names(SqlConnection connection, Set<String> ids) {
    return store.names(connection, ids);
  }

  Issued issue(SqlConnection tx, Caller issuer, JsonObject body) {
    SecretToken.Kind kind =
        SecretToken.Kind.valueOf(body.getString("kind").toUpperCase(Locale.ROOT));
    refuseWrongMembers(kind, body);
    Optional<PlatformRole> role = Optional.ofNullable(body.getString("role")).map(PlatformRole::of);
    TokenBounds bounds =
        new TokenBounds(
            Optional.ofNullable(body.getJsonArray("scopes"))
                .map(scopes -> Permissions.read(scopes, "/scopes")),
            Expiry.in(body, clock.instant()),
            Optional.ofNullable(body.getString("gateway")).map(GatewayNames::new));
    requireAll(issuer, kind, role.map(r -> bounds.narrow(r.permissions())).orElse(Set.of()));
    store.lock(tx);
    return put(tx, SecretToken.generate(kind), body.getString("name"), role, bounds);
  }

  Token find(SqlConnection connection, String id) {
    return store
        .find(connection, id)
        .orElseThrow(() ->
            new ProblemException(Problem.TOKEN_NOT_FOUND, "no token has the id \"" + id + "\""));
  }

  List<Token> list(SqlConnection connection, Optional<String> after, int count) {
    return store.list(connection, after.orElse(""), count);
  }

  /** A successor that may do the same; the token itself is valid for a while beside it. */
  Issued rotate(SqlConnection tx, Caller caller, String id, JsonObject body) {
    store.lock(tx);
    Token old = find(tx, id);
    requireAll(caller, old.kind(), old.permissions());
    Instant now = clock.instant();
    if (old.bounds().isOver(now)) {
      throw new ProblemException(
          Problem.TOKEN_EXPIRED, "the token \"" + id + "\" has expired: make a new one");
    }
    Rotation.requireFirst("token", id, store.successorOf(tx, id));
    Optional<Instant> expiresAt = Expiry.renewed(old.createdAt(), old.bounds().expiresAt(), now);
    TokenBounds bounds = old.bounds().until(expiresAt);
    Issued successor = put(tx, SecretToken.generate(old.kind()), old.name(), old.role(), bounds);
    Instant end = Expiry.ofPrevious(body, old.bounds().expiresAt(), now);
    store.succeed(tx, id, end, successor.token().id());
    return new Issued(successor.token(), successor.secret(), Optional.of(end));
  }

  void revoke(SqlConnection tx, Caller caller, String id) {
    store.lock(tx);
    Token gone = find(tx, id);
    requireAll(caller, gone.kind(), gone.permissions());
    store.delete(tx, id);
    if (gone.isLastingAdmin() && store.countLastingAdmins(tx) == 0) {
      throw new ProblemException(
          Problem.LAST_OPERATOR_TOKEN,
          "no administrator's token without scopes and expiry would be left: make another one first");
    }
  }

  /** What a gateway's token opens is no permission of its own, but more than most of them. */
  private static void requireAll(Caller caller, SecretToken.Kind kind, Set<Permission> held) {
    if (kind == SecretToken.Kind.GATEWAY) {
      caller.require(Permission.GATEWAYS_WRITE);
    }
    caller.requireAll(held);
  }

  private Issued put(
      SqlConnection tx,
      SecretToken secret,
      String name,
      Optional<PlatformRole> role,
      TokenBounds bounds) {
    store.forgetExpired(tx);
    if (store.count(tx, secret.kind()) >= MAX_OF_A_KIND) {
      throw new ProblemException(
          Problem.TOO_MANY_TOKENS,
          "there are "
              + MAX_OF_A_KIND
              + " tokens of this kind, and there can be no more: revoke some");
    }
    return new Issued(store.put(tx, secret, name, role, bounds), secret, Optional.empty());
  }

  private void putLasting(SqlConnection tx, SecretToken secret, String name) {
    Optional<PlatformRole> role =
        secret.kind() == SecretToken.Kind.OPERATOR
            ? Optional.of(PlatformRole.ADMIN)
            : Optional.empty();
    store.put(tx, secret, name, role, TokenBounds.NONE);
  }

  private static void refuseWrongMembers(SecretToken.Kind kind, JsonObject body) {
    if (kind == SecretToken.Kind.OPERATOR && !body.containsKey("role")) {
      throw invalid("/role", "is required for an operator's token");
    }
    for (String name : List.of("role", "scopes")) {
      if (kind == SecretToken.Kind.GATEWAY && body.containsKey(name)) {
        throw invalid("/" + name, "is for operators' tokens only");
      }
    }
    if (kind == SecretToken.Kind.OPERATOR && body.containsKey("gateway")) {
      throw invalid("/gateway", "is for gateways' tokens only");
    }
  }

  private static ProblemException invalid(String pointer, String detail) {
    return new ProblemException(Problem.INVALID_BODY, List.of(Fault.at(pointer, detail)));
  }

  /** Writes when tokens were used last. */
  @Override
  public void close() {
    lastUse.close();
  }
}
