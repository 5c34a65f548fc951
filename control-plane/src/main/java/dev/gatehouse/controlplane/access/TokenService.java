package dev.gatehouse.controlplane.access;

import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.controlplane.api.Caller;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.database.Database;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The rules of the tokens that open the control plane. */
public final class TokenService {
  private static final String SCHEME = "bearer ";

  private final TokenStore store = new TokenStore();
  private final Database database;

  public TokenService(Database database) {
    this.database = database;
  }

  /** A new token and its secret, which is known here and now only. */
  record Issued(Token token, SecretToken secret) {}

  /**
   * Finds out who calls.
   *
   * @param kind which kind of token opens the door
   * @param authorization the {@code Authorization} header
   * @throws ProblemException {@code UNAUTHENTICATED} with {@code WWW-Authenticate} (RFC 6750)
   */
  public Caller authenticate(SecretToken.Kind kind, Optional<String> authorization) {
    if (authorization.isEmpty()) {
      throw unauthenticated(
          "Authorization is missing, expected: Bearer " + kind.prefix() + "…", "");
    }
    return bearer(authorization.get())
        .flatMap(text -> SecretToken.parse(kind, text))
        .flatMap(this::verify)
        .orElseThrow(() ->
            unauthenticated(
                "Authorization holds no valid token of the kind " + kind.prefix() + "…",
                ", error=\"invalid_token\""));
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
      operator.ifPresent(secret -> store.put(tx, secret, "bootstrap operator"));
      gateway.ifPresent(secret -> store.put(tx, secret, "bootstrap gateway"));
      if (store.count(tx, SecretToken.Kind.OPERATOR) > 0) {
        return Optional.empty();
      }
      SecretToken first = SecretToken.generate(SecretToken.Kind.OPERATOR);
      SecretToken second = SecretToken.generate(SecretToken.Kind.GATEWAY);
      store.put(tx, first, "first operator");
      store.put(tx, second, "first gateway");
      return Optional.of(new FirstTokens(first.reveal(), second.reveal()));
    });
  }

  /** Names of the tokens among these that exist, by their ids. */
  public Map<String, String> names(SqlConnection connection, Set<String> ids) {
    return store.names(connection, ids);
  }

  Issued issue(SqlConnection tx, JsonObject body) {
    SecretToken.Kind kind =
        SecretToken.Kind.valueOf(body.getString("kind").toUpperCase(Locale.ROOT));
    SecretToken secret = SecretToken.generate(kind);
    return new Issued(store.put(tx, secret, body.getString("name")), secret);
  }

  List<Token> list(SqlConnection connection, Optional<String> after, int count) {
    return store.list(connection, after.orElse(""), count);
  }

  void revoke(SqlConnection tx, String id) {
    store.lock(tx);
    Token gone =
        store
            .delete(tx, id)
            .orElseThrow(() ->
                new ProblemException(
                    Problem.TOKEN_NOT_FOUND, "no token has the id \"" + id + "\""));
    if (gone.kind() == SecretToken.Kind.OPERATOR
        && store.count(tx, SecretToken.Kind.OPERATOR) == 0) {
      throw new ProblemException(
          Problem.LAST_OPERATOR_TOKEN,
          "nobody could call the API any more: make another one first");
    }
  }

  private Optional<Caller> verify(SecretToken secret) {
    return database
        .withConnection(connection -> store.find(connection, secret.kind(), secret.id()))
        .filter(token -> secret.matches(token.hash()))
        .map(token -> new Caller(token.id(), token.name()));
  }

  private static Optional<String> bearer(String authorization) {
    return authorization.toLowerCase(Locale.ROOT).startsWith(SCHEME)
        ? Optional.of(authorization.substring(SCHEME.length()).strip())
        : Optional.empty();
  }

  private static ProblemException unauthenticated(String detail, String error) {
    return new ProblemException(Problem.UNAUTHENTICATED, detail)
        .withHeader("WWW-Authenticate", "Bearer realm=\"gatehouse\"" + error);
  }
}
