package dev.gatehouse.controlplane.user;

import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.api.Pages;
import io.vertx.sqlclient.SqlConnection;
import java.util.UUID;

/** {@code /v1/users}. */
public final class UserRoutes {
  private final UserService users;
  private final Pages pages;

  public UserRoutes(UserService users, Pages pages) {
    this.users = users;
    this.pages = pages;
  }

  /** Binds the operations on users. */
  public void bind(Api api) {
    api.perform("createUser", this::create)
        .perform("listUsers", this::list)
        .perform("getUser", this::get)
        .perform("patchUser", this::patch)
        .perform("deleteUser", this::delete);
  }

  private Answer create(ApiRequest request, SqlConnection tx) {
    User user = users.create(tx, request.authenticated(), request.body());
    return Answer.created("/v1/users/" + user.id(), user.toJson()).withVersion(user.version());
  }

  private Answer list(ApiRequest request, SqlConnection connection) {
    return pages.answer(
        request,
        (after, count) -> users.list(connection, request.query("email"), after, count),
        user -> user.id().toString(),
        User::toJson);
  }

  private Answer get(ApiRequest request, SqlConnection connection) {
    return shown(users.find(connection, idIn(request)));
  }

  private Answer patch(ApiRequest request, SqlConnection tx) {
    User user = lock(request, tx);
    return shown(
        users.change(tx, request.authenticated(), user, request.patched(user.changeable())));
  }

  private Answer delete(ApiRequest request, SqlConnection tx) {
    users.delete(tx, request.authenticated(), lock(request, tx));
    return Answer.noContent();
  }

  private User lock(ApiRequest request, SqlConnection tx) {
    User user = users.lock(tx, idIn(request));
    request.requireVersion(user.version());
    return user;
  }

  private static UUID idIn(ApiRequest request) {
    return UUID.fromString(request.path("user"));
  }

  private static Answer shown(User user) {
    return Answer.ok(user.toJson()).withVersion(user.version());
  }
}
