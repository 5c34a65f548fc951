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
    api.write("createToken", this::create)
        .read("listTokens", this::list)
        .write("revokeToken", this::revoke);
  }

  private Answer create(ApiRequest request, SqlConnection tx) {
    TokenService.Issued issued = tokens.issue(tx, request.body());
    return Answer.created(
        "/v1/tokens/" + issued.token().id(),
        issued.token().toJson().put("secret", issued.secret().reveal()));
  }

  private Answer list(ApiRequest request, SqlConnection connection) {
    return pages.answer(
        request,
        (after, count) -> tokens.list(connection, after, count),
        Token::id,
        Token::toJson);
  }

  private Answer revoke(ApiRequest request, SqlConnection tx) {
    tokens.revoke(tx, request.path("token"));
    return Answer.noContent();
  }
}
