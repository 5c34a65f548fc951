package dev.gatehouse.controlplane.member;

import dev.gatehouse.contract.edge.AccountMembership;
import dev.gatehouse.contract.tenant.TenantStatus;
import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.GatewayAuthentication;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.audit.Actor;
import dev.gatehouse.controlplane.audit.AuditRecord;
import dev.gatehouse.controlplane.audit.AuditService;
import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.user.User;
import dev.gatehouse.controlplane.user.UserService;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@value AccountMembership#PATH}: which tenants a user may enter who has logged in at the account
 * host, as gateways ask it. Its handlers wait for the database: mount them in a verticle on virtual
 * threads.
 */
public final class AccountRoutes {
  private static final int MAX_LENGTH = 500;

  private final MemberService members;
  private final UserService users;
  private final AuditService audit;
  private final Database database;
  private final GatewayAuthentication gatewayAuthentication;

  public AccountRoutes(
      MemberService members,
      UserService users,
      AuditService audit,
      Database database,
      GatewayAuthentication gatewayAuthentication) {
    this.members = members;
    this.users = users;
    this.audit = audit;
    this.database = database;
    this.gatewayAuthentication = gatewayAuthentication;
  }

  /** Adds the routes; every request to them is authenticated first. */
  public void mount(Router router) {
    router.get(AccountMembership.PATH).handler(gatewayAuthentication).handler(this::list);
    router.post(AccountMembership.PATH).handler(gatewayAuthentication).handler(this::enter);
  }

  private void list(RoutingContext context) {
    String issuer = required("/issuer", context.request().getParam("issuer"));
    String subject = required("/subject", context.request().getParam("subject"));
    JsonArray memberships = new JsonArray();
    database
        .withConnection(connection ->
            users
                .findBySubject(connection, issuer, subject)
                .map(user -> served(connection, user).toList())
                .orElse(List.of()))
        .forEach(membership -> memberships.add(toJson(membership)));
    context.json(JsonObject.of("memberships", memberships));
  }

  private void enter(RoutingContext context) {
    JsonObject body = objectIn(context);
    String issuer = required("/issuer", body.getValue("issuer"));
    String subject = required("/subject", body.getValue("subject"));
    UUID tenant = uuid(body.getValue("tenant"));
    JsonObject entered = database.inTransaction(tx -> toJson(enter(tx, issuer, subject, tenant)));
    context.json(entered);
  }

  private Membership enter(SqlConnection tx, String issuer, String subject, UUID tenant) {
    Optional<User> user = users.findBySubject(tx, issuer, subject);
    Membership membership =
        user.stream()
            .flatMap(known -> served(tx, known))
            .filter(one -> one.tenant().equals(tenant))
            .findFirst()
            .orElseThrow(() ->
                new ProblemException(
                    Problem.MEMBER_NOT_FOUND, "the user is no member of that tenant"));
    audit.append(
        tx,
        AuditRecord.of(
                tenant,
                "account.enter",
                Actor.user(user.orElseThrow().id(), user.orElseThrow().displayName()),
                "/v1/tenants/" + tenant)
            .with("outcome", "succeeded")
            .with("role", membership.role()));
    return membership;
  }

  private Stream<Membership> served(SqlConnection connection, User user) {
    return members.membershipsOf(connection, user.id()).stream()
        .filter(membership -> membership.status().equals(TenantStatus.ACTIVE.wireName()));
  }

  private static JsonObject toJson(Membership membership) {
    return new JsonObject()
        .put("tenant", membership.tenant().toString())
        .put("slug", membership.slug())
        .put("name", membership.name())
        .put("role", membership.role());
  }

  private static JsonObject objectIn(RoutingContext context) {
    try {
      JsonObject body = context.body().asJsonObject();
      if (body != null) {
        return body;
      }
    } catch (DecodeException | ClassCastException _) {
      // Answered as any other body that is none.
    }
    throw bad("", "must be an object");
  }

  private static String required(String pointer, @Nullable Object value) {
    if (value instanceof String text && !text.isEmpty() && text.length() <= MAX_LENGTH) {
      return text;
    }
    throw bad(pointer, "must be a text of 1 to " + MAX_LENGTH + " characters");
  }

  private static UUID uuid(@Nullable Object value) {
    try {
      return UUID.fromString(String.valueOf(value));
    } catch (IllegalArgumentException e) {
      throw bad("/tenant", "must be a tenant's id");
    }
  }

  private static ProblemException bad(String pointer, String expected) {
    return new ProblemException(Problem.INVALID_BODY, List.of(Fault.at(pointer, expected)));
  }
}
