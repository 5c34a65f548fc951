package dev.gatehouse.controlplane.user;

import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.api.Pages;
import io.vertx.sqlclient.SqlConnection;
import java.util.UUID;

/** {@code /v1/me/tokens}, for the user, and {@code /v1/users/{user}/tokens}, for the platform. */
public final class UserTokenRoutes {
  private final UserTokenService tokens;
  private final UserService users;
  private final Pages pages;

  public UserTokenRoutes(UserTokenService tokens, UserService users, Pages pages) {
    this.tokens = tokens;
    this.users = users;
    this.pages = pages;
  }

  /** Binds the operations on users' tokens. */
  public void bind(Api api) {
    api.perform("createOwnToken", this::createOwn)
        .perform("listOwnTokens", this::listOwn)
        .perform("revokeOwnToken", this::revokeOwn)
        .perform("createUserToken", this::create)
        .perform("listUserTokens", this::list)
        .perform("revokeUserToken", this::revoke);
  }

  private Answer createOwn(ApiRequest request, SqlConnection tx) {
    return created("/v1/me/tokens/", tokens.issueOwn(tx, request.authenticated(), request.body()));
  }

  private Answer listOwn(ApiRequest request, SqlConnection connection) {
    return page(request, connection, request.authenticated().requireUser());
  }

  private Answer revokeOwn(ApiRequest request, SqlConnection tx) {
    tokens.revoke(tx, request.authenticated().requireUser(), request.path("token"));
    return Answer.noContent();
  }

  private Answer create(ApiRequest request, SqlConnection tx) {
    UUID user = userIn(request);
    return created(
        "/v1/users/" + user + "/tokens/",
        tokens.issueFor(tx, request.authenticated(), user, request.body()));
  }

  private Answer list(ApiRequest request, SqlConnection connection) {
    return page(request, connection, users.find(connection, userIn(request)).id());
  }

  private Answer revoke(ApiRequest request, SqlConnection tx) {
    tokens.revoke(tx, users.find(tx, userIn(request)).id(), request.path("token"));
    return Answer.noContent();
  }

  private Answer page(ApiRequest request, SqlConnection connection, UUID user) {
    return pages.answer(
        request,
        (after, count) -> tokens.list(connection, user, after, count),
        UserToken::id,
        UserToken::toJson);
  }

  private static Answer created(String folder, UserTokenService.Issued issued) {
    return Answer.created(
        folder + issued.token().id(),
        issued.token().toJson().put("secret", issued.secret().reveal()));
  }

  private static UUID userIn(ApiRequest request) {
    return UUID.fromString(request.path("user"));
  }
}
