package dev.gatehouse.controlplane.access;

import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.api.Pages;
import io.vertx.sqlclient.SqlConnection;

/** {@code /v1/tokens}. */
public final class TokenRoutes {
  private final TokenService tokens;
  private final Pages pages;

  public TokenRoutes(TokenService tokens, Pages pages) {
    this.tokens = tokens;
    this.pages = pages;
  }

  /** Binds the operations on tokens. */
  public void bind(Api api) {
    api.perform("createToken", this::create)
        .perform("listTokens", this::list)
        .perform("getToken", this::get)
        .perform("rotateToken", this::rotate)
        .perform("revokeToken", this::revoke);
  }

  private Answer create(ApiRequest request, SqlConnection tx) {
    return created(tokens.issue(tx, request.authenticated(), request.body()));
  }

  private Answer list(ApiRequest request, SqlConnection connection) {
    return pages.answer(
        request, (after, count) -> tokens.list(connection, after, count), Token::id, Token::toJson);
  }

  private Answer get(ApiRequest request, SqlConnection connection) {
    return Answer.ok(tokens.find(connection, request.path("token")).toJson());
  }

  private Answer rotate(ApiRequest request, SqlConnection tx) {
    return created(
        tokens.rotate(tx, request.authenticated(), request.path("token"), request.body()));
  }

  private Answer revoke(ApiRequest request, SqlConnection tx) {
    tokens.revoke(tx, request.authenticated(), request.path("token"));
    return Answer.noContent();
  }

  private static Answer created(TokenService.Issued issued) {
    return Answer.created("/v1/tokens/" + issued.token().id(), issued.toJson());
  }
}
